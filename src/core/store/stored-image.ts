import type { FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail, fileError } from '../errors/index.js';
import { checkImage, forgetVerified, type Verdict } from './check-image.js';
import type { Folder } from './folder.js';
import {
  formatDescription,
  imageIdentity,
  imageKey,
  parseDescription,
  type ImageDescription,
} from './image-description.js';
import { ImageFolder, type ImagePlaces } from './image-folder.js';
import { readText, replaceText } from './text-file.js';
import { isRefusal } from './trust.js';

/** How long the others may take who look at an image, make it or remove it, in milliseconds. */
const OPEN_MILLISECONDS = 5000;
const RETRY_MILLISECONDS = 10;

/** The open files of an image. */
interface Files {
  readonly data: FileHandle;
  readonly record: FileHandle;
  readonly live: FileHandle | null;
}

/**
 * An image that this process uses: nobody removes it until it is closed. The formats of the record and
 * the live file are the file system's (`native/chunkfs`); a file that is empty is for it to begin.
 */
export class StoredImage {
  readonly description: ImageDescription;
  /** The name of its folder. */
  readonly key: string;
  /** What the record is to be bound to, 32 bytes. */
  readonly identity: Buffer;
  readonly #image: ImageFolder;
  readonly #files: Files;
  readonly #live: Folder | null;
  #durable = false;
  #closed: Promise<void> | null = null;

  private constructor(
    description: ImageDescription,
    image: ImageFolder,
    files: Files,
    live: Folder | null,
  ) {
    this.description = description;
    this.key = image.key;
    this.identity = imageIdentity(description);
    this.#image = image;
    this.#files = files;
    this.#live = live;
  }

  /**
   * Opens an image, and makes it if it is not there. What does not fit its description, and what was
   * not made by the store, is started anew, unless somebody uses it.
   *
   * @throws VmnetxError `store-busy`, `host-no-space`, `host-permission`, `host-input-output`, …
   */
  static async open(places: ImagePlaces, description: ImageDescription): Promise<StoredImage> {
    const end = performance.now() + OPEN_MILLISECONDS;
    do {
      const image = await ImageFolder.make(places, imageKey(description));
      try {
        const files = await openFiles(image, places, description);
        if (files !== null) return new StoredImage(description, image, files, places.live);
      } catch (error) {
        await image.close();
        throw error;
      }
      await image.close();
      await sleep(RETRY_MILLISECONDS);
    } while (performance.now() < end);
    throw fail('store-busy', { path: places.images.path });
  }

  /** Descriptor of the chunks, a sparse file of the image's size. */
  get data(): number {
    return this.#files.data.fd;
  }

  /** Descriptor of the durable record of which chunks are there. */
  get record(): number {
    return this.#files.record.fd;
  }

  /** Descriptor of the live bitmap that all processes of this boot share; null where there is none. */
  get live(): number | null {
    return this.#files.live === null ? null : this.#files.live.fd;
  }

  /**
   * Compares the image with the CRC-32 of its package. Only when all of its chunks are there and
   * are in the file.
   */
  check(signal: AbortSignal): Promise<Verdict> {
    return checkImage(this.#image.folder, this.#files.data, this.description, signal);
  }

  /** A chunk was not what it had been: the image is to be checked again once it is complete. */
  forgetVerified(): Promise<void> {
    return forgetVerified(this.#image.folder);
  }

  /** All that this process stored is in the durable record, and it stores no more. */
  allDurable(): void {
    this.#durable = true;
  }

  /**
   * Gives the image up. The last one who does removes the live file if {@link allDurable} was said:
   * else it still tells until the next boot what the durable record does not. May be called twice.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    try {
      // The time of the opening is good enough where the disk is full or the folder gone.
      await markUsed(this.#image.folder).catch(() => undefined);
      if (this.#durable && this.#live !== null && (await this.#image.try('exclusive'))) {
        await this.#live.unlink(this.key);
      }
    } finally {
      await closeAll(this.#files);
      await this.#image.close();
    }
  }
}

/**
 * Opens the files with the lock held shared.
 *
 * @returns null when the image is being made or removed by somebody: to be tried again
 */
async function openFiles(
  image: ImageFolder,
  { live }: ImagePlaces,
  description: ImageDescription,
): Promise<Files | null> {
  // All repairs are made while nobody uses the image; then the lock becomes a shared one.
  if ((await image.try('exclusive')) && !(await prepare(image, description))) return null;
  if (!(await image.try('shared'))) return null;
  const opened: FileHandle[] = [];
  try {
    for (const name of ['data', 'record']) {
      const file = await image.folder.file(name);
      if (file !== null) opened.push(file);
    }
    const [data, record] = opened;
    const before = await readDescription(image.folder);
    if (data === undefined || record === undefined || before === null) {
      await Promise.all(opened.map((file) => file.close()));
      return null;
    }
    if (!sizesFit(before, description)) throw inUse(image);
    const liveFile = live === null ? null : await openLive(live, image.key);
    if (liveFile !== null) opened.push(liveFile);
    await markUsed(image.folder);
    return { data, record, live: liveFile };
  } catch (error) {
    await Promise.all(opened.map((file) => file.close()));
    // Somebody has used it since before it was tampered with.
    throw isRefusal(error) ? inUse(image) : error;
  }
}

function inUse({ folder }: ImageFolder): Error {
  return fail('store-busy', { path: folder.path });
}

/**
 * Brings an image's folder in order, with the exclusive lock.
 *
 * @returns false when it was removed instead, because it cannot be believed
 */
async function prepare(image: ImageFolder, description: ImageDescription): Promise<boolean> {
  const { folder } = image;
  try {
    const before = await readDescription(folder);
    if (before !== null && !sizesFit(before, description)) {
      await image.discard();
      return false;
    }
    const text = formatDescription(description);
    if (before === null || formatDescription(before) !== text) {
      await replaceText(folder, 'image.json', text);
    }
    for (const name of ['data', 'record', 'used']) {
      const file = await folder.makeFile(name);
      try {
        if (name === 'data' && (await fitSize(file, folder, description.sizeBytes))) {
          await forgetVerified(folder);
        }
      } finally {
        await file.close();
      }
    }
    return true;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await image.discard();
    return false;
  }
}

/** Chunks beyond a file's end are not there, whatever the record says: their checksums tell. */
async function fitSize(file: FileHandle, folder: Folder, sizeBytes: number): Promise<boolean> {
  try {
    if ((await file.stat()).size === sizeBytes) return false;
    await file.truncate(sizeBytes);
    return true;
  } catch (error) {
    throw fileError(`${folder.path}/data`, error);
  }
}

export async function readDescription(folder: Folder): Promise<ImageDescription | null> {
  const text = await readText(folder, 'image.json');
  return text === null ? null : parseDescription(text);
}

function sizesFit(before: ImageDescription, now: ImageDescription): boolean {
  return before.sizeBytes === now.sizeBytes && before.chunkBytes === now.chunkBytes;
}

/** The live file, or null where none can be had: each process then knows only what it did itself. */
async function openLive(live: Folder, key: string): Promise<FileHandle | null> {
  try {
    return await live.makeFile(key).catch(async (error: unknown) => {
      if (!isRefusal(error)) throw error;
      await live.remove(key);
      return live.makeFile(key);
    });
  } catch {
    return null;
  }
}

/** The time of the last use is the time of a file. */
async function markUsed(folder: Folder): Promise<void> {
  const file = await folder.makeFile('used');
  try {
    const now = new Date();
    await file.utimes(now, now);
  } catch (error) {
    throw fileError(folder.path, error);
  } finally {
    await file.close();
  }
}

async function closeAll({ data, record, live }: Files): Promise<void> {
  await Promise.all([data.close(), record.close(), live?.close()]);
}
