import { isWritten, type Level } from './level.js';
import { lineOf, type LogValues, type Part } from './line.js';
import type { LogFile } from './log-file.js';

/** By which another process writes to the same log. */
export interface LogPlace {
  /** Absolute path of the folder. */
  readonly directory: string;
  readonly name: string;
  readonly level: Level;
}

interface Sink {
  readonly file: LogFile;
  readonly place: LogPlace;
}

/**
 * The log of a session, as one part of the program writes to it. Texts are whole sentences or the
 * beginning of one, constant; what comes from elsewhere goes into the values. Both are cleaned of
 * secrets and of what cannot be seen. Writing never fails.
 */
export class Log {
  /** Forgets everything. */
  static readonly none = new Log(null, 'window');

  readonly #sink: Sink | null;
  readonly #part: Part;

  constructor(sink: Sink | null, part: Part) {
    this.#sink = sink;
    this.#part = part;
  }

  /** For {@link attachLog} in another process; null where nothing is written. */
  get place(): LogPlace | null {
    return this.#sink?.place ?? null;
  }

  /** The same log for another part, to be closed only once. */
  of(part: Part): Log {
    return new Log(this.#sink, part);
  }

  error(text: string, values?: LogValues): void {
    this.write('error', text, values);
  }

  warning(text: string, values?: LogValues): void {
    this.write('warning', text, values);
  }

  info(text: string, values?: LogValues): void {
    this.write('info', text, values);
  }

  debug(text: string, values?: LogValues): void {
    this.write('debug', text, values);
  }

  write(level: Level, text: string, values: LogValues = {}): void {
    if (this.#sink === null || !isWritten(level, this.#sink.place.level)) return;
    const part = this.#part;
    const line = lineOf({ part, level, text, values }, new Date());
    this.#sink.file.append(line, () => {
      const full = 'The log is too long: nothing more is written from here';
      return lineOf({ part, level: 'warning', text: full, values: {} }, new Date());
    });
  }

  async close(): Promise<void> {
    await this.#sink?.file.close();
  }
}
