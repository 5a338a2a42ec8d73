import { constants } from 'node:os';
import { getSystemErrorName } from 'node:util';
import { fail, messageOf, ownWords } from '../errors/index.js';
import { errnoOf, type ImageStatistics, type NativeMount } from './addon.js';
import type { Touch } from './chunk.js';

/**
 * A directory of images that is mounted until {@link unmount}. Keeps the process alive until then.
 * When the process ends all the same, readers get ENOTCONN, and what is left on the directory is a
 * dead mount, for `fusermount3 -u -z`.
 *
 * Error numbers are those of `os.constants.errno`. No method but those that return a promise throws
 * for anything but a wrong argument, also after the end.
 */
export class ImageMount {
  /** The absolute path of the directory. */
  readonly directory: string;
  readonly #native: NativeMount;
  readonly #indexOf: ReadonlyMap<string, number>;
  #unmounting: Promise<void> | undefined;

  constructor(directory: string, native: NativeMount, names: readonly string[]) {
    this.directory = directory;
    this.#native = native;
    this.#indexOf = new Map(names.map((name, index) => [name, index]));
  }

  /**
   * Takes a copy of bytes at any offset (in bytes) of an image; chunks are put together from them in
   * whatever order they come. A reader whose bytes are there is answered at once. A chunk that is
   * whole is stored by other threads, and served from memory until it is; one that cannot be stored
   * ({@link MountRequest.onStoreFailed}) stays in memory for a while, as with caching off. Welcome
   * also when nobody asked; bytes that are there already are left as they are.
   *
   * @returns null, or a promise that is to be awaited before more is delivered: more than 32 MiB wait
   *   to be stored; it resolves when half of that is left
   * @throws RangeError for bytes beyond the end of the pristine image
   */
  deliver(image: string, offset: number, bytes: Uint8Array): Promise<void> | null {
    return this.#native.deliver(this.#index(image), offset, bytes);
  }

  /** Whether a read of the chunk would find all of it, in the store or in memory. */
  isPresent(image: string, chunk: number): boolean {
    return this.#native.isPresent(this.#index(image), chunk);
  }

  /** Chunks will not be fetched: gives their claims back, and forgets what was delivered in part. */
  release(image: string, firstChunk: number, count: number): void {
    this.#native.release(this.#index(image), firstChunk, count);
  }

  /** Lets those go on that wait for chunks which another process stored. */
  wake(image: string, firstChunk: number, count: number): void {
    this.#native.wake(this.#index(image), firstChunk, count);
  }

  /** Has {@link MountRequest.onMark} called at the next read of a chunk, once. */
  mark(image: string, chunk: number): void {
    this.#native.mark(this.#index(image), chunk);
  }

  /**
   * Off: chunks are not stored from now on; of those that come, the newest 32 MiB of each image stay
   * in memory and are served. On again: they are stored.
   */
  setCaching(on: boolean): void {
    this.#native.setCaching(on);
  }

  /** The first touches since the last call, of each image in the order in which they happened. */
  takeTouches(): Touch[] {
    const touches: Touch[] = [];
    for (const [image, index] of this.#indexOf) {
      const pairs = this.#native.takeTouches(index);
      for (let at = 0; at < pairs.length; at += 2) {
        touches.push({ image, chunk: pairs[at] ?? 0, microseconds: pairs[at + 1] ?? 0 });
      }
    }
    return touches;
  }

  /**
   * Runs of chunks whose state changed since the last call: the first chunk, how many, and their state
   * ({@link CHUNK_STATE}); and so on.
   *
   * @param anew tell all chunks whose state is not 0, as at the first call
   */
  takeChanges(image: string, anew = false): Uint32Array {
    return this.#native.takeChanges(this.#index(image), anew);
  }

  /** Answers those that wait for a chunk with an error number; the next read of it is a new miss. */
  failChunk(image: string, chunk: number, errno: number): void {
    this.#native.failChunk(this.#index(image), chunk, errno);
  }

  /**
   * Answers everything that waits, and from now on every read of a missing chunk, with an error
   * number. For good: the first call holds.
   */
  failAll(errno: number): void {
    this.#native.failAll(errno);
  }

  /**
   * Claims chunks that are to be fetched, so that other processes which use the same record do not
   * fetch them too. A claim ends when the chunk is stored, with {@link release}, and with the
   * process. It is advice: rarely, two processes may both get one.
   *
   * @param steal also take what another process has claimed
   * @returns how many chunks from `first` on are ours to fetch; the next one is present, claimed by
   *   another live process, or beyond `count`
   */
  claim(image: string, first: number, count: number, steal = false): number {
    return this.#native.claim(this.#index(image), first, count, steal);
  }

  /**
   * Compares all chunks with their checksums as their first reading would; those that are damaged
   * are missing then.
   *
   * @throws VmnetxError `host-input-output` when one could be neither read nor found damaged
   * @throws DOMException `AbortError` when the mount ends
   */
  compare(image: string): Promise<void> {
    return this.#asked(this.#native.compare(this.#index(image)));
  }

  /**
   * No chunk of the image is in the store any more, for any process: what was fetched is wrong.
   *
   * @throws DOMException `AbortError` when the mount ends
   */
  forgetAll(image: string): Promise<void> {
    return this.#asked(this.#native.forgetAll(this.#index(image)));
  }

  /** How many delivered bytes are whole chunks that are not stored yet. */
  storingBytes(): number {
    return this.#native.storingBytes();
  }

  /**
   * Makes durable what was stored before the call: it is there also after a power cut. Happens every
   * few seconds, and at the end, without being asked.
   *
   * @throws VmnetxError `host-no-space` or `host-input-output` when that fails: chunks that were not
   *   durable yet may then be missing, and are asked for again when they are read
   * @throws DOMException `AbortError` after the end
   */
  sync(): Promise<void> {
    return this.#asked(this.#native.sync());
  }

  /** How long reads and writes may wait that come from now on, until they are answered EIO. */
  limitWait(image: string, milliseconds: number): void {
    this.#native.limitWait(this.#index(image), milliseconds);
  }

  /**
   * How many open files there are, over all images. One may stay after its process is gone, until
   * the read-ahead that it began is answered.
   */
  openHandles(): number {
    return this.#native.openHandles();
  }

  statistics(): readonly ImageStatistics[] {
    return this.#native.statistics();
  }

  /**
   * Ends the mount and gives back threads and descriptors. What waits is answered ENOTCONN; files
   * that others have open stay theirs, and every use of them is answered so too. May be called twice.
   *
   * @throws VmnetxError `host-unmount-failed` when the directory could not be freed; all else is
   */
  unmount(): Promise<void> {
    this.#unmounting ??= this.#native.unmount().catch((error: unknown) => {
      const detail = messageOf(error);
      throw fail('host-unmount-failed', { directory: this.directory }, { cause: error, detail });
    });
    return this.#unmounting;
  }

  async #asked(done: Promise<void>): Promise<void> {
    try {
      await done;
    } catch (error) {
      throw storeFailure(error);
    }
  }

  #index(image: string): number {
    const index = this.#indexOf.get(image);
    if (index === undefined) throw new RangeError(`There is no image ${image}`);
    return index;
  }
}

function storeFailure(cause: unknown): unknown {
  const errno = errnoOf(cause);
  if (errno === null) return cause;
  const { ECANCELED, ENOSPC, EDQUOT } = constants.errno;
  if (errno === ECANCELED) return new DOMException('The mount has ended', 'AbortError');
  const detail = getSystemErrorName(-errno);
  return errno === ENOSPC || errno === EDQUOT
    ? fail('host-no-space', { path: ownWords('the chunk store') }, { cause, detail })
    : fail('host-input-output', { path: ownWords('The chunk store') }, { cause, detail });
}
