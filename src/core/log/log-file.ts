import { fstatSync, writeSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { MAX_FILE_BYTES, RESERVED_BYTES } from './limits.js';

/**
 * The file of a session's log, to which several processes append. It is written at once and not when
 * there is time: what a process had to say before it crashed is what the log is for.
 */
export class LogFile {
  readonly #file: FileHandle;
  readonly #limitBytes: number;
  #full = false;
  /** What stands at the end is only the beginning of a line: the disk was full. */
  #broken = false;
  #closed = false;

  /** @param file open for appending; it is given over */
  constructor(file: FileHandle, limitBytes = MAX_FILE_BYTES) {
    this.#file = file;
    this.#limitBytes = limitBytes;
  }

  /**
   * Appends a line by one write. What cannot be written is lost, which hurts nobody but the log.
   *
   * @param fullLine what is written instead, once, when the file has become too long
   */
  append(line: Buffer, fullLine: () => Buffer): void {
    if (this.#closed || this.#full) return;
    try {
      const { size } = fstatSync(this.#file.fd);
      this.#full = size + line.length > this.#limitBytes - RESERVED_BYTES;
      const bytes = this.#full ? fullLine() : line;
      const whole = this.#broken ? Buffer.concat([Buffer.from('\n'), bytes]) : bytes;
      this.#broken = writeSync(this.#file.fd, whole) < whole.length;
    } catch {
      // There is no space, or no disk any more.
    }
  }

  /** May be called twice; what is appended later is lost. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#file.close();
  }
}
