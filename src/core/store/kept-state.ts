import type { FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileError, VmnetxError } from '../errors/index.js';
import { isVerified } from './check-image.js';
import { FileLock } from './file-lock.js';
import type { Folder } from './folder.js';
import { imageIdentity, imageKey, type ImageDescription } from './image-description.js';
import { ImageFolder, type ImagePlaces } from './image-folder.js';
import { STATE_HEADER_BYTES, stateHeader, wholeStateBytes } from './state-header.js';
import { isRefusal } from './trust.js';

const NAME = 'state';
/** Locked by who writes it, and by the programs that write it for him, as long as one of them lives. */
const UNFINISHED = 'state.new';

/** How long somebody may look at the image or remove it before it is used, in milliseconds. */
const USE_MILLISECONDS = 5000;

/** How long the check of the image may take, of which all is there by then: a second or two for a GiB. */
const CHECK_MILLISECONDS = 10_000;
const RETRY_MILLISECONDS = 250;

interface WholeState {
  /** At its beginning, for reading only. */
  readonly file: FileHandle;
  /** The length of the file, in bytes. */
  readonly storedBytes: number;
}

/** A kept state that nobody removes until it is closed. */
export interface OpenState extends WholeState {
  readonly close: () => Promise<void>;
}

/**
 * What became of a state that was to be kept. `elsewhere`: another process keeps it at this moment;
 * `no-room`: it does not fit into the store's limit or on the disk; `unverified`: the image is not in
 * the store as a whole, or was not yet found to be what was packed.
 */
export type Keeping = 'kept' | 'elsewhere' | 'no-room' | 'unverified';

/**
 * Writes a state, compressed by zstd with checksums, at the position of the file.
 *
 * @param maxBytes the most that the file may become long
 */
export type WriteState = (file: FileHandle, maxBytes: number) => Promise<void>;

/**
 * The state of a saved machine, kept beside the image of its memory in a form that is loaded faster.
 * It can be made again from the image at any time, and goes with it.
 */
export class KeptState {
  readonly #places: ImagePlaces;
  readonly #description: ImageDescription;
  readonly #identity: Buffer;
  readonly #room: () => Promise<number>;

  /** @param room how many bytes may be kept besides what is in use */
  constructor(places: ImagePlaces, description: ImageDescription, room: () => Promise<number>) {
    this.#places = places;
    this.#description = description;
    this.#identity = imageIdentity(description);
    this.#room = room;
  }

  /**
   * Opens what is kept; removes what is not whole, not of this image and version, or not ours.
   *
   * @returns null where nothing is kept
   * @throws VmnetxError `store-foreign`, `store-unsafe`, `store-busy`, `host-…`
   */
  async open(): Promise<OpenState | null> {
    const image = await this.#use();
    if (image === null) return null;
    try {
      const whole = await openWhole(image.folder, this.#identity);
      if (whole !== null) {
        const close = async (): Promise<void> => {
          await whole.file.close();
          await image.close();
        };
        return { ...whole, close };
      }
    } catch (error) {
      await image.close();
      throw error;
    }
    await image.close();
    return null;
  }

  /**
   * Keeps a state, as a whole or not at all. What a crash left of an earlier attempt goes.
   *
   * @param write fails when the signal is aborted; not called where the image is not verified
   * @param checkMilliseconds how long it is waited for that the image is verified
   * @throws VmnetxError `store-foreign`, `store-unsafe`, `store-busy`, `host-…`; what `write` throws;
   *   the signal's reason
   */
  async keep(
    write: WriteState,
    signal: AbortSignal,
    checkMilliseconds = CHECK_MILLISECONDS,
  ): Promise<Keeping> {
    signal.throwIfAborted();
    const image = await this.#use();
    if (image === null) return 'unverified';
    const { folder } = image;
    try {
      const before = await openWhole(folder, this.#identity);
      await before?.file.close();
      if (before !== null) return 'kept';
      if (!(await this.#becomesVerified(folder, checkMilliseconds, signal))) return 'unverified';
      const file = await makeUnfinished(folder);
      const lock = new FileLock(file, folder.path);
      try {
        if (!lock.try('exclusive') || !(await lock.isAt(folder, UNFINISHED))) return 'elsewhere';
        return await this.#fill(folder, file, write, signal);
      } finally {
        await lock.close();
      }
    } finally {
      await image.close();
    }
  }

  /** Forgets what is kept, as when it was found to be damaged. */
  async drop(): Promise<void> {
    const folder = await this.#places.images.folder(imageKey(this.#description));
    try {
      await folder?.remove(NAME);
    } finally {
      await folder?.close();
    }
  }

  /** The image's folder with the lock held shared; null where there is none. */
  async #use(): Promise<ImageFolder | null> {
    const image = await ImageFolder.find(this.#places, imageKey(this.#description));
    if (image === null) return null;
    try {
      await image.lock.wait('shared', USE_MILLISECONDS);
      if (await image.isInPlace()) return image;
    } catch (error) {
      await image.close();
      throw error;
    }
    await image.close();
    return null;
  }

  async #becomesVerified(
    folder: Folder,
    milliseconds: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    const end = performance.now() + milliseconds;
    while (!(await isVerified(folder, this.#description))) {
      if (performance.now() >= end) return false;
      await sleep(RETRY_MILLISECONDS, undefined, { signal }).catch(() => undefined);
      signal.throwIfAborted();
    }
    return true;
  }

  async #fill(
    folder: Folder,
    file: FileHandle,
    write: WriteState,
    signal: AbortSignal,
  ): Promise<Keeping> {
    let outcome: Keeping = 'no-room';
    try {
      const room = await this.#room();
      if (room <= STATE_HEADER_BYTES) return outcome;
      await file.truncate(0);
      await file.write(stateHeader(this.#identity, 0));
      await write(file, room);
      signal.throwIfAborted();
      // It is no longer when a chunk was found to be damaged.
      if (!(await isVerified(folder, this.#description))) return (outcome = 'unverified');
      const { size } = await file.stat();
      await file.write(stateHeader(this.#identity, size), 0, STATE_HEADER_BYTES, 0);
      await file.datasync();
      await folder.rename(UNFINISHED, NAME);
      return (outcome = 'kept');
    } catch (error) {
      const reason = fileError(`${folder.path}/${UNFINISHED}`, error);
      if (reason instanceof VmnetxError && reason.code === 'host-no-space') return outcome;
      throw reason;
    } finally {
      if (outcome !== 'kept') await folder.unlink(UNFINISHED);
    }
  }
}

/** What is there, if it is to be believed; else it is removed. */
async function openWhole(folder: Folder, identity: Buffer): Promise<WholeState | null> {
  let file: FileHandle | null = null;
  try {
    file = await folder.fileToRead(NAME);
    if (file === null) return null;
    const storedBytes = await wholeStateBytes(file, identity);
    if (storedBytes !== null) return { file, storedBytes };
  } catch (error) {
    if (!isRefusal(error)) {
      await file?.close();
      throw fileError(`${folder.path}/${NAME}`, error);
    }
  }
  await file?.close();
  await folder.remove(NAME);
  return null;
}

/** The file to write to, which an earlier attempt may have left; what was planted there goes. */
function makeUnfinished(folder: Folder): Promise<FileHandle> {
  return folder.makeFile(UNFINISHED).catch(async (error: unknown) => {
    if (!isRefusal(error)) throw error;
    await folder.remove(UNFINISHED);
    return folder.makeFile(UNFINISHED);
  });
}
