import { constants } from 'node:os';
import { getSystemErrorName } from 'node:util';
import { fail, messageOf } from '../errors/index.js';
import { errnoOf, type ImageStatistics, type NativeMount } from './addon.js';

/**
 * A directory of images that is mounted until {@link unmount}. Keeps the process alive until then.
 * When the process ends all the same, readers get ENOTCONN, and what is left on the directory is a
 * dead mount, for `fusermount3 -u -z`.
 *
 * Error numbers are those of `os.constants.errno`. No method but `deliver` and `unmount` throws for
 * anything but a wrong argument, also after the end.
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
   * Stores a chunk, then lets those go on that wait for it; done on other threads. The bytes must be
   * the whole chunk (the last one may be shorter than the others) and stay as they are until the
   * promise settles. Welcome also when nobody asked; a chunk that is present is left as it is.
   *
   * When the chunk cannot be stored, those that wait are served from `bytes` all the same, and the
   * chunk stays missing: the next read of it is a new miss.
   *
   * @throws RangeError for a chunk that does not exist, or not all of its bytes
   * @throws VmnetxError `host-no-space` or `host-input-output` when it could not be stored
   * @throws DOMException `AbortError` when the mount ended before it was stored
   */
  async deliver(image: string, chunk: number, bytes: Buffer): Promise<void> {
    try {
      await this.#native.deliver(this.#index(image), chunk, bytes);
    } catch (error) {
      throw storingFailure(error);
    }
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

  /** Records chunks whose bytes are known to be in the pristine file. */
  markPresent(image: string, firstChunk: number, count: number): void {
    this.#native.markPresent(this.#index(image), firstChunk, count);
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

  #index(image: string): number {
    const index = this.#indexOf.get(image);
    if (index === undefined) throw new RangeError(`There is no image ${image}`);
    return index;
  }
}

function storingFailure(cause: unknown): unknown {
  const errno = errnoOf(cause);
  if (errno === null) return cause;
  const { ECANCELED, ENOSPC, EDQUOT } = constants.errno;
  if (errno === ECANCELED) return new DOMException('The mount has ended', 'AbortError');
  const detail = getSystemErrorName(-errno);
  return errno === ENOSPC || errno === EDQUOT
    ? fail('host-no-space', { path: 'the chunk store' }, { cause, detail })
    : fail('host-input-output', { path: 'The chunk store' }, { cause, detail });
}
