import { spread, type Spread } from './statistics.js';

/**
 * Operations a second, megabytes (10^6) a second, milliseconds, mebibytes (2^20), and bytes fetched for
 * each byte read.
 */
export type Unit = 'operations/s' | 'MB/s' | 'ms' | 'MiB' | 'bytes/byte' | 'frames/s';

/** What is measured, under which circumstances. */
export interface Metric {
  readonly metric: string;
  readonly setting: string;
  readonly unit: Unit;
}

/** A line of the results, as `--json` writes it. */
export interface Result extends Metric, Spread {
  readonly subject: string;
}

export interface Failure {
  readonly metric: string;
  readonly setting: string;
  readonly subject: string;
  /** One line. */
  readonly reason: string;
}

/** The subject that everything is about. */
export const OURS = 'vmnetx';
/** The file itself: a bound, not a competitor. */
export const RAW = 'raw';

/** Everything that was measured so far, in the order in which metrics first came. */
export class Results {
  readonly failures: Failure[] = [];
  readonly #samples = new Map<string, { about: Metric & { subject: string }; values: number[] }>();

  add({ metric, setting, unit }: Metric, subject: string, value: number): void {
    const key = JSON.stringify([metric, setting, unit, subject]);
    const sample = this.#samples.get(key);
    if (sample === undefined) {
      this.#samples.set(key, { about: { metric, unit, setting, subject }, values: [value] });
    } else {
      sample.values.push(value);
    }
  }

  fail(failure: Failure): void {
    this.failures.push(failure);
  }

  /** A subject without a single successful run of a metric is not among that metric's results. */
  list(): readonly Result[] {
    return [...this.#samples.values()].map(({ about, values }) => ({
      ...about,
      ...spread(values),
    }));
  }
}

export function lowerIsBetter(unit: Unit): boolean {
  return unit === 'ms' || unit === 'MiB' || unit === 'bytes/byte';
}

export function formatResults(results: readonly Result[]): string {
  return `${JSON.stringify(results, null, 2)}\n`;
}

/** Reads what {@link formatResults} wrote. @throws Error for anything else */
export function parseResults(json: string): readonly Result[] {
  const value: unknown = JSON.parse(json);
  if (!Array.isArray(value) || !value.every(isResult)) throw new Error('These are no results');
  return value;
}

function isResult(value: unknown): value is Result {
  if (typeof value !== 'object' || value === null) return false;
  const fields: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(value));
  return (
    ['metric', 'setting', 'unit', 'subject'].every((name) => typeof fields[name] === 'string') &&
    ['median', 'min', 'max', 'runs'].every((name) => typeof fields[name] === 'number')
  );
}

/** How many times better `ours` is than `other`; 1 for equal. */
export function advantage(unit: Unit, ours: number, other: number): number {
  return lowerIsBetter(unit) ? other / ours : ours / other;
}
