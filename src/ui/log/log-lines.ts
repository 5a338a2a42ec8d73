import { isWritten, levelOf, type Level } from '../../core/log/index.js';

/** More lines nobody reads, and a view of text becomes slow. The first ones go. */
const MAX_LINES = 4000;

/** Which lines are shown. */
export interface LogFilter {
  /** What stands in them, in upper or lower case; empty: anything. */
  readonly text: string;
  /** The least grave level. */
  readonly least: Level;
}

/** What becomes of the lines that are shown. */
export interface LogChange {
  /** So many of the first ones go. */
  readonly dropped: number;
  readonly appended: readonly string[];
}

/** The last lines of a log, of which those are shown that pass a filter. */
export class LogLines {
  #lines: readonly string[] = [];
  #filter: LogFilter = { text: '', least: 'debug' };

  /** @param text whole lines */
  add(text: string): LogChange {
    const fresh = text.split('\n').slice(0, -1).slice(-MAX_LINES);
    const gone = Math.max(0, this.#lines.length + fresh.length - MAX_LINES);
    const dropped = this.#lines.slice(0, gone).filter(this.#passes).length;
    this.#lines = [...this.#lines.slice(gone), ...fresh];
    return { dropped, appended: fresh.filter(this.#passes) };
  }

  setFilter(filter: LogFilter): void {
    this.#filter = { ...filter, text: filter.text.toLowerCase() };
  }

  get shown(): readonly string[] {
    return this.#lines.filter(this.#passes);
  }

  readonly #passes = (line: string): boolean => {
    const { text, least } = this.#filter;
    // What is no entry, nobody but its writer can judge.
    return isWritten(levelOf(line) ?? 'error', least) && line.toLowerCase().includes(text);
  };
}
