import { lostRows } from './report.js';
import type { Result } from './results.js';

/** The scripts whose reports the document has a place for. */
const SCRIPTS = ['bench', 'bench:resume', 'bench:window'] as const;
export type BenchScript = (typeof SCRIPTS)[number];

export function isBenchScript(name: string): name is BenchScript {
  return SCRIPTS.some((script) => script === name);
}

const beginOf = (script: BenchScript): string =>
  `<!-- Written by npm run ${script} -- --write-docs -->`;
const endOf = (script: BenchScript): string =>
  `<!-- End of what is written by npm run ${script} -->`;

/**
 * Puts the report where the document has the last one; the rest of it is written by hand.
 *
 * @throws Error without the marks between which the report lies
 */
export function withReport(
  document: string,
  report: string,
  script: BenchScript = 'bench',
): string {
  const mark = beginOf(script);
  const begin = document.indexOf(mark);
  const end = document.indexOf(endOf(script));
  if (begin === -1 || end < begin) throw new Error('The document has no place for the report');
  return `${document.slice(0, begin + mark.length)}\n\n${report.trim()}\n\n${document.slice(end)}`;
}

/** Rows that we lose and of which the document does not say why: `ROW (SETTING)` must be in it. */
export function unexplained(document: string, results: readonly Result[]): readonly string[] {
  const written = document.slice(document.indexOf(endOf('bench')));
  return lostRows(results)
    .map(({ metric, setting }) => `${metric} (${setting})`)
    .filter((row) => !written.includes(row));
}
