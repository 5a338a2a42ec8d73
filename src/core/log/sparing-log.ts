import type { Level } from './level.js';
import { ENTRIES_PER_MINUTE } from './limits.js';
import type { LogValues } from './line.js';
import type { Log } from './log.js';

const MINUTE_MILLISECONDS = 60_000;

/**
 * Writes what may happen at any rate: so many entries in a minute, then only how many there were
 * more.
 */
export class SparingLog {
  readonly #log: Log;
  readonly #perMinute: number;
  readonly #minute: number;
  #written = 0;
  #suppressed = 0;
  #timer: NodeJS.Timeout | null = null;

  /** @param minute how long a minute takes, in milliseconds */
  constructor(log: Log, perMinute = ENTRIES_PER_MINUTE, minute = MINUTE_MILLISECONDS) {
    this.#log = log;
    this.#perMinute = perMinute;
    this.#minute = minute;
  }

  write(level: Level, text: string, values?: LogValues): void {
    this.#timer ??= setTimeout(() => {
      this.flush();
    }, this.#minute).unref();
    if (this.#written < this.#perMinute) {
      this.#written++;
      this.#log.write(level, text, values);
    } else {
      this.#suppressed++;
    }
  }

  /** Ends the minute. Once nothing is written any more, its owner calls this. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const count = this.#suppressed;
    [this.#written, this.#suppressed] = [0, 0];
    if (count > 0) this.#log.warning('More of these were not written down', { count });
  }
}
