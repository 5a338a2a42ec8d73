import { randomUUID } from 'node:crypto';
import { VmnetxError } from '../errors/index.js';
import { FileLock } from './file-lock.js';
import type { Folder } from './folder.js';
import { isRefusal } from './trust.js';

/** What an image that is being removed is called; see {@link removeLeftovers}. */
const EVICTED = '.evicting-';

/** How often an image may be removed while it is being made. */
const MAX_TRIES = 100;

/** Where the images lie. */
export interface ImagePlaces {
  readonly images: Folder;
  /** The live files of this boot, or null where there are none. */
  readonly live: Folder | null;
}

/**
 * The folder of one image and the lock in it. Who has the lock shared uses the image; who has it
 * exclusively may repair or remove it. Only what is reached from here is known to be the image: it may
 * have been removed and made anew under the same name.
 */
export class ImageFolder {
  readonly key: string;
  readonly folder: Folder;
  readonly lock: FileLock;
  readonly #places: ImagePlaces;

  private constructor(key: string, folder: Folder, lock: FileLock, places: ImagePlaces) {
    this.key = key;
    this.folder = folder;
    this.lock = lock;
    this.#places = places;
  }

  /** Opens the folder of an image, or makes an empty one; what was planted in its place goes. */
  static async make(places: ImagePlaces, key: string): Promise<ImageFolder> {
    for (let tries = 1; ; tries++) {
      let folder: Folder | null = null;
      try {
        folder = await places.images.makeFolder(key);
        const lock = new FileLock(await folder.makeFile('lock'), folder.path);
        return new ImageFolder(key, folder, lock, places);
      } catch (error) {
        await folder?.close();
        // Somebody may have removed the folder while it was still empty.
        if (tries === MAX_TRIES || !(isRefusal(error) || isMissing(error))) throw error;
        // Whoever uses what is not to be trusted goes on with files that nobody else finds any more.
        if (isRefusal(error)) await discard(places, key);
      }
    }
  }

  /**
   * Opens the folder of an image.
   *
   * @returns null if there is none, or none that was made by the store
   * @throws VmnetxError `store-foreign`, `store-unsafe`
   */
  static async find(places: ImagePlaces, key: string): Promise<ImageFolder | null> {
    const folder = await places.images.folder(key);
    if (folder === null) return null;
    try {
      const file = await folder.file('lock');
      if (file !== null)
        return new ImageFolder(key, folder, new FileLock(file, folder.path), places);
    } catch (error) {
      await folder.close();
      throw error;
    }
    await folder.close();
    return null;
  }

  /**
   * Takes the lock if it is free and the image is still in its place. Never waits for others.
   *
   * @returns false otherwise; nothing is held then
   */
  async try(kind: 'shared' | 'exclusive'): Promise<boolean> {
    return this.lock.try(kind) && (await this.isInPlace());
  }

  /** Whether it is still the image that is found under its key. */
  isInPlace(): Promise<boolean> {
    return this.lock.isAt(this.#places.images, `${this.key}/lock`);
  }

  /** Removes the image. Only with the exclusive lock, which {@link close} gives up. */
  discard(): Promise<void> {
    return discard(this.#places, this.key);
  }

  /** The same, but for the long work of removing the files: {@link removeLeftovers} does that. */
  async setAside(): Promise<void> {
    await setAside(this.#places, this.key);
  }

  async close(): Promise<void> {
    await this.lock.close();
    await this.folder.close();
  }
}

async function discard(places: ImagePlaces, key: string): Promise<void> {
  const name = await setAside(places, key);
  if (name !== null) await removeEvicted(places.images, name);
}

/**
 * Takes an image away at one stroke from all who look for it. The live file goes first, so that it is
 * never there without its image.
 *
 * @returns what the folder is called now, or null if there was none
 */
async function setAside({ images, live }: ImagePlaces, key: string): Promise<string | null> {
  await live?.remove(key);
  const name = `${EVICTED}${randomUUID()}`;
  return (await images.rename(key, name)) ? name : null;
}

/** Removes what was set aside, also by a process that was killed before it had removed it. */
export async function removeLeftovers(images: Folder): Promise<void> {
  for (const name of await images.names()) {
    if (name.startsWith(EVICTED)) await removeEvicted(images, name);
  }
}

/** Nobody believes it any more, so what cannot be removed (planted by another account) may stay. */
async function removeEvicted(images: Folder, name: string): Promise<void> {
  await images.remove(name).catch(() => undefined);
}

function isMissing(error: unknown): boolean {
  return error instanceof VmnetxError && error.code === 'host-file-missing';
}
