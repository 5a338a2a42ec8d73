import { lostRows } from './report.js';
import type { Result } from './results.js';

const BEGIN = '<!-- Written by npm run bench -- --write-docs -->';
const END = '<!-- End of what is written by npm run bench -->';

/**
 * Puts the report where the document has the last one; the rest of it is written by hand.
 *
 * @throws Error without the marks between which the report lies
 */
export function withReport(document: string, report: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin === -1 || end < begin) throw new Error('The document has no place for the report');
  return `${document.slice(0, begin + BEGIN.length)}\n\n${report.trim()}\n\n${document.slice(end)}`;
}

/** Rows that we lose and of which the document does not say why: `ROW (SETTING)` must be in it. */
export function unexplained(document: string, results: readonly Result[]): readonly string[] {
  const written = document.slice(document.indexOf(END));
  return lostRows(results)
    .map(({ metric, setting }) => `${metric} (${setting})`)
    .filter((row) => !written.includes(row));
}
