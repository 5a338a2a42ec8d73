import type { Results } from './results.js';

/** One measurement that several subjects take, run by run. */
export interface Contest<Subject extends { readonly name: string }> {
  /** For messages and failures. */
  readonly metric: string;
  readonly setting: string;
  readonly subjects: readonly Subject[];
  readonly runs: number;
  /** Adds what it measured to the results. */
  readonly measure: (subject: Subject, run: number) => Promise<void>;
}

/** A subject that failed so often is left out of the rest of a contest: it costs the time of all. */
const MAX_FAILURES = 2;

/**
 * Lets subjects take turns, each run beginning with another one, so that what changes on the computer
 * meanwhile hits all of them. A subject that fails does not stop the others.
 *
 * @throws the signal's reason once it is aborted
 */
export async function interleave<Subject extends { readonly name: string }>(
  { metric, setting, subjects, runs, measure }: Contest<Subject>,
  results: Results,
  signal: AbortSignal,
): Promise<void> {
  const failures = new Map<string, number>();
  for (let run = 0; run < runs; run++) {
    const first = run % Math.max(1, subjects.length);
    for (const subject of [...subjects.slice(first), ...subjects.slice(0, first)]) {
      const failed = failures.get(subject.name) ?? 0;
      if (failed >= MAX_FAILURES) continue;
      try {
        await measure(subject, run);
      } catch (error) {
        failures.set(subject.name, failed + 1);
        results.fail({ metric, setting, subject: subject.name, reason: oneLine(error) });
      }
      signal.throwIfAborted();
    }
  }
}

export function oneLine(error: unknown): string {
  return String(error).replaceAll(/\s+/g, ' ').slice(0, 300);
}
