import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { compilePreload } from './preload.js';

/** The wall clock of processes that a test starts, which it sets while they run. */
export class WallClock implements AsyncDisposable {
  /** Added to a process's environment, gives it this clock. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #file: FileHandle;

  private constructor(environment: Readonly<Record<string, string>>, file: FileHandle) {
    this.environment = environment;
    this.#file = file;
  }

  /** @param folder where what processes load is compiled to */
  static async prepare(folder: string): Promise<WallClock> {
    const library = await compilePreload('clock-jump', folder);
    const jump = join(folder, 'clock-jump');
    const clock = new WallClock({ LD_PRELOAD: library, CLOCK_JUMP: jump }, await open(jump, 'w+'));
    await clock.shift(0);
    return clock;
  }

  /** The clock jumps to so many seconds after the right time, or before it. */
  async shift(seconds: number): Promise<void> {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(seconds));
    await this.#file.write(bytes, 0, bytes.length, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}
