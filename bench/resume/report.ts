import { reportRows, rounded } from '../report.js';
import { OURS, type Failure, type Result } from '../results.js';
import { FLOOR, RESTORE } from './measure.js';

const SUBJECTS = [OURS, RESTORE, FLOOR];

/** The results in Markdown. */
export function reportResuming(
  host: readonly string[],
  results: readonly Result[],
  failures: readonly Failure[],
): string {
  const rows = reportRows(results).map(({ metric, setting, results: found }) => {
    const of = (name: string) => found.find(({ subject }) => subject === name);
    const cells = SUBJECTS.map((name) => {
      const result = of(name);
      if (result === undefined) return '–';
      const { median, min, max, runs } = result;
      return runs === 1 ? rounded(median) : `${rounded(median)} (${rounded(min)}–${rounded(max)})`;
    });
    return line([metric, setting, ...cells, aboveFloor(of(OURS), of(FLOOR))]);
  });
  const heads = ['row', 'setting', ...SUBJECTS.map((name) => `${name}, ms`), 'above the floor'];
  return [
    ...host,
    '',
    line(heads),
    line(heads.map(() => '---')),
    ...rows,
    '',
    ...failures.map(({ subject, metric, reason }) => `- ${subject}, ${metric}: ${reason}`),
    '',
  ].join('\n');
}

/** What VMNetX takes besides a tenth more than the floor. */
function aboveFloor(ours: Result | undefined, floor: Result | undefined): string {
  if (ours === undefined || floor === undefined) return '–';
  return `1.1 × floor + ${rounded((ours.median - 1.1 * floor.median) / 1000)} s`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
