import { constants } from 'node:fs';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { fileError } from '../errors/index.js';

/** What is read at once of what lies before the state, in bytes. */
const STEP_BYTES = 128 * 1024;

/**
 * A file with a machine's state, open where that begins. A program that reads on from there shares its
 * position, which so tells how far it has come.
 */
export class StateFile {
  readonly #file: FileHandle;
  readonly #offset: number;
  readonly #close: () => Promise<void>;
  #closed: Promise<void> | null = null;
  /** What is stored of the state, in bytes. */
  readonly length: number;

  private constructor(
    file: FileHandle,
    offset: number,
    length: number,
    close: () => Promise<void> = () => file.close(),
  ) {
    this.#file = file;
    this.#offset = offset;
    this.#close = close;
    this.length = length;
  }

  /** A state that takes all of a file, open at its beginning. */
  static of(file: FileHandle, length: number, close: () => Promise<void>): StateFile {
    return new StateFile(file, 0, length, close);
  }

  /**
   * @param offset where the state begins in the file, in bytes
   * @throws VmnetxError `host-…`; the signal's reason
   */
  static async open(path: string, offset: number, signal: AbortSignal): Promise<StateFile> {
    try {
      const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
      try {
        await skip(file, offset, signal);
        const { size } = await file.stat();
        return new StateFile(file, offset, size - offset);
      } catch (error) {
        await file.close();
        throw error;
      }
    } catch (error) {
      signal.throwIfAborted();
      throw fileError(path, error);
    }
  }

  get fd(): number {
    return this.#file.fd;
  }

  /** How much of the state was read, in bytes. */
  async position(): Promise<number> {
    const status = await readFile(`/proc/self/fdinfo/${this.fd}`, 'latin1');
    const [, position = '0'] = /^pos:\s*(\d+)$/m.exec(status) ?? [];
    return Number(position) - this.#offset;
  }

  /** May be called twice. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }
}

/** Node has no call that only moves a file's position. */
async function skip(file: FileHandle, bytes: number, signal: AbortSignal): Promise<void> {
  const buffer = Buffer.alloc(Math.min(bytes, STEP_BYTES));
  for (let left = bytes; left > 0;) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(buffer, 0, Math.min(left, buffer.length), null);
    if (bytesRead === 0) throw new Error('the file ends before the state begins');
    left -= bytesRead;
  }
}
