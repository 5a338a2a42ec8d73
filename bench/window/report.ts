import { reportRows, rounded } from '../report.js';
import { OURS, type Failure, type Result } from '../results.js';
import type { Aim } from './aims.js';
import { PLAIN } from './latency.js';

const SUBJECTS = [OURS, PLAIN];

/** The results in Markdown. */
export function reportWindow(
  host: readonly string[],
  results: readonly Result[],
  aims: readonly Aim[],
  failures: readonly Failure[],
): string {
  const rows = reportRows(results).map(({ metric, setting, unit, results: found }) => {
    const cells = SUBJECTS.map((name) => cell(found.find(({ subject }) => subject === name)));
    const aim = aims.find(
      (one) => one.metric === metric && (one.setting === null || one.setting === setting),
    );
    return line([metric, setting, unit, ...cells, aim === undefined ? '–' : verdict(aim)]);
  });
  const heads = ['row', 'setting', 'unit', ...SUBJECTS, 'aim'];
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

function cell(result: Result | undefined): string {
  if (result === undefined) return '–';
  const { median, min, max, runs } = result;
  return runs === 1 ? rounded(median) : `${rounded(median)} (${rounded(min)}–${rounded(max)})`;
}

function verdict({ words, holds }: Aim): string {
  return holds ? words : `**${words}: missed**`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
