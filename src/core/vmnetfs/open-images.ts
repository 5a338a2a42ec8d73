import type { FileHandle } from 'node:fs/promises';
import type { ImageToMount } from '../chunkfs/index.js';
import type { Disposal } from '../disposal/index.js';
import { asVmnetxError, type VmnetxError } from '../errors/index.js';
import { flatLayout, type FlatLayout } from '../image/index.js';
import { parsePackageUrl } from '../reference/index.js';
import { ChunkStore, openScratchFile, type StoredImage } from '../store/index.js';
import type { ImageRequest, MountRequest } from './protocol.js';

const CLOSE_MILLISECONDS = 1000;

/** An image of the mount, and where its chunks lie and are kept. */
export interface OpenImage {
  readonly layout: FlatLayout;
  readonly toMount: ImageToMount;
  /** Null if nothing of it is kept. */
  readonly stored: StoredImage | null;
}

export interface OpenImages {
  readonly images: ReadonlyMap<string, OpenImage>;
  /** Null where nothing is kept. */
  readonly store: ChunkStore | null;
  /** Why nothing can be kept that should be. */
  readonly problem: VmnetxError | null;
}

/**
 * Opens the files behind the images. What comes from a web server is kept in the store; a local
 * package is at hand anyway, so its chunks go to files without names. So they do when the store cannot
 * be used: that costs time, not the machine.
 */
export async function openImages(request: MountRequest, disposal: Disposal): Promise<OpenImages> {
  if (!('href' in request.package)) return openScratchImages(request, null, disposal);
  try {
    return await openStored(request, request.package.href, disposal);
  } catch (error) {
    return await openScratchImages(request, asVmnetxError(error), disposal);
  }
}

/** @param problem why nothing can be kept that should be */
export async function openScratchImages(
  request: MountRequest,
  problem: VmnetxError | null,
  disposal: Disposal,
): Promise<OpenImages> {
  const images = new Map<string, OpenImage>();
  for (const image of request.images) {
    const pristine = await openScratch(request, image.sizeBytes, problem);
    disposal.add('the fetched chunks', CLOSE_MILLISECONDS, () => pristine.close());
    images.set(image.name, await describe(request, image, pristine.fd, null, disposal));
  }
  return { images, store: null, problem };
}

/** Beside the store, or where the guest's own writes go if nothing can be had there. */
async function openScratch(
  { store, overlayDirectory }: MountRequest,
  sizeBytes: number,
  problem: VmnetxError | null,
): Promise<FileHandle> {
  if (problem !== null) return openScratchFile(overlayDirectory, sizeBytes);
  return openScratchFile(store.cacheDirectory, sizeBytes).catch(() =>
    openScratchFile(overlayDirectory, sizeBytes),
  );
}

async function openStored(
  request: MountRequest,
  href: string,
  disposal: Disposal,
): Promise<OpenImages> {
  const store = await ChunkStore.open(request.store);
  disposal.add('the store', CLOSE_MILLISECONDS, () => store.close());
  const images = new Map<string, OpenImage>();
  for (const image of request.images) {
    const stored = await store.openImage({
      url: parsePackageUrl(href).label,
      directoryDigest: request.expected.directoryDigest,
      machineName: request.expected.name,
      member: image.member,
      sizeBytes: image.sizeBytes,
      chunkBytes: flatLayout({ offset: image.offset, length: image.sizeBytes }).chunkBytes,
      crc32: image.crc32,
    });
    disposal.add('the stored chunks', CLOSE_MILLISECONDS, () => stored.close());
    images.set(image.name, await describe(request, image, stored.data, stored, disposal));
  }
  return { images, store, problem: null };
}

async function describe(
  request: MountRequest,
  { name, offset, sizeBytes }: ImageRequest,
  pristine: number,
  stored: StoredImage | null,
  disposal: Disposal,
): Promise<OpenImage> {
  const layout = flatLayout({ offset, length: sizeBytes });
  let overlay: number | null = null;
  if (name === 'disk') {
    const file = await openScratchFile(request.overlayDirectory, 0);
    disposal.add('the overlay', CLOSE_MILLISECONDS, () => file.close());
    overlay = file.fd;
  }
  const record =
    stored === null
      ? null
      : { durable: stored.record, live: stored.live, identity: stored.identity };
  const toMount = {
    name,
    sizeBytes,
    chunkBytes: layout.chunkBytes,
    pristine,
    overlay,
    waitMilliseconds: null,
    record,
  };
  return { layout, toMount, stored };
}
