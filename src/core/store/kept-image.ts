import { isVerified } from './check-image.js';
import type { Folder } from './folder.js';
import type { ImageDescription } from './image-description.js';
import { ImageFolder, type ImagePlaces } from './image-folder.js';
import { presentBytes } from './present-bytes.js';
import { readDescription } from './stored-image.js';
import { isRefusal } from './trust.js';

/** Bytes of a block as `stat` counts them, whatever the file system's own are. */
const STAT_BLOCK_BYTES = 512;

/** An image in the store as it is at this moment. */
export interface KeptImage {
  readonly key: string;
  readonly description: ImageDescription;
  /** Bytes of the image that are there. */
  readonly cachedBytes: number;
  /** Bytes that its folder takes. */
  readonly usedBytes: number;
  readonly lastUsed: Date;
  readonly pinned: boolean;
  /** All of it is there and is what was packed. */
  readonly verified: boolean;
  readonly inUse: boolean;
}

/** @returns null for what was not made by the store, was not finished, or has just gone */
export async function keptImage(places: ImagePlaces, key: string): Promise<KeptImage | null> {
  const image = await ImageFolder.find(places, key).catch(nullIfRefused);
  if (image === null) return null;
  try {
    const { folder } = image;
    const description = await readDescription(folder).catch(nullIfRefused);
    if (description === null) return null;
    return {
      key,
      description,
      cachedBytes: await presentBytes(folder, places.live, key, description),
      usedBytes: await allocatedBytes(folder),
      lastUsed: await lastUsed(folder),
      pinned: await isPinned(folder),
      verified: await isVerified(folder, description),
      inUse: !image.lock.try('exclusive'),
    };
  } finally {
    await image.close();
  }
}

function nullIfRefused(error: unknown): null {
  if (!isRefusal(error)) throw error;
  return null;
}

export async function allocatedBytes(folder: Folder): Promise<number> {
  let bytes = 0;
  for (const name of await folder.names()) {
    const stats = await folder.stat(name);
    if (stats !== null) bytes += stats.blocks * STAT_BLOCK_BYTES;
  }
  return bytes;
}

/** When it was opened or closed for the last time; long ago if nobody knows. */
export async function lastUsed(folder: Folder): Promise<Date> {
  const used = await folder.stat('used');
  return used === null ? new Date(0) : used.mtime;
}

export function isPinned(folder: Folder): Promise<boolean> {
  return folder.hasFile('pinned');
}
