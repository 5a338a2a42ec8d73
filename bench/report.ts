import { groupBy } from './group.js';
import { advantage, OURS, RAW, type Failure, type Metric, type Result } from './results.js';
import { PURPOSES, type Subject } from './subjects/index.js';

export interface Measured {
  /** Of the computer and the programs, in Markdown. */
  readonly host: readonly string[];
  readonly results: readonly Result[];
  readonly failures: readonly Failure[];
}

/** Within so much of each other, two medians are the same: runs differ by more. */
const EVEN = 0.03;

/** A row of the table, and what was measured for it. */
export interface ReportRow extends Metric {
  readonly results: readonly Result[];
  /** How many times better VMNetX is than the best of the others; null without either. */
  readonly ratio: number | null;
}

/** The rows in the order in which they were measured. */
export function reportRows(results: readonly Result[]): readonly ReportRow[] {
  const groups = groupBy(results, ({ metric, setting, unit }) =>
    JSON.stringify([metric, setting, unit]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { metric, setting, unit } = first;
    const ours = group.find(({ subject }) => subject === OURS);
    const ratios = group
      .filter(({ subject }) => subject !== OURS && subject !== RAW)
      .map(({ median }) => (ours === undefined ? NaN : advantage(unit, ours.median, median)));
    const ratio = ours === undefined || ratios.length === 0 ? null : Math.min(...ratios);
    return [{ metric, setting, unit, results: group, ratio }];
  });
}

/** Rows in which another one is better, by more than chance. What was fetched is no contest. */
export function lostRows(results: readonly Result[]): readonly ReportRow[] {
  return reportRows(results).filter(
    ({ ratio, unit }) => unit !== 'bytes/byte' && ratio !== null && ratio < 1 - EVEN,
  );
}

/** The results in Markdown: a table, what failed, and the commands. */
export function report(measured: Measured, subjects: readonly Subject[]): string {
  const shown = subjects.filter(({ name }) =>
    measured.results.some(({ subject }) => subject === name),
  );
  return [
    ...measured.host,
    '',
    ...table(measured, shown),
    '',
    ...failures(measured.failures),
    ...commands(shown),
    '',
  ].join('\n');
}

function table(
  { results, failures }: Omit<Measured, 'host'>,
  subjects: readonly Subject[],
): readonly string[] {
  const names = subjects.map(({ name, hasPageCache }) => (hasPageCache ? name : `${name} ¹`));
  const heads = ['row', 'setting', 'unit', ...names, 'best other = 1'];
  return [
    line(heads),
    line(heads.map(() => '---')),
    ...reportRows(results).map((row) => {
      const cells = subjects.map(({ name }) => cell(row, name, failures));
      return line([row.metric, row.setting, row.unit, ...cells, verdict(row)]);
    }),
    '',
    '¹ over NBD, by fio’s engine: the kernel’s page cache does not lie before it, and no FUSE.',
  ];
}

function cell(row: ReportRow, name: string, failures: readonly Failure[]): string {
  const found = row.results.find(({ subject }) => subject === name);
  if (found !== undefined) {
    return `${rounded(found.median)} (${rounded(found.min)}–${rounded(found.max)})`;
  }
  const failed = failures.some(
    ({ subject, metric, setting }) =>
      subject === name && metric === row.metric && setting === row.setting,
  );
  return failed ? 'failed' : '–';
}

function verdict({ ratio, unit }: ReportRow): string {
  if (ratio === null) return '–';
  const text = `${ratio.toFixed(2)} ×`;
  return unit !== 'bytes/byte' && ratio < 1 - EVEN ? `**${text}, behind**` : text;
}

/** Three digits that mean something. */
export function rounded(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-GB');
  return value.toPrecision(3);
}

function failures(list: readonly Failure[]): readonly string[] {
  if (list.length === 0) return [];
  const lines = list.map(
    ({ subject, metric, setting, reason }) => `- ${subject}, ${metric} (${setting}): ${reason}`,
  );
  return ['What failed:', '', ...new Set(lines), ''];
}

function commands(subjects: readonly Subject[]): readonly string[] {
  const rows = subjects.flatMap((subject) => {
    const groups = groupBy(PURPOSES, (purpose) => subject.commands(purpose).join('\n'));
    return [...groups]
      .filter(([text]) => text !== '')
      .map(([text, purposes]) => {
        const code = text.split('\n').map((command) => `\`${command}\``);
        return line([subject.name, purposes.join('; '), code.join(' and ')]);
      });
  });
  return [line(['subject', 'for rows', 'commands']), line(['---', '---', '---']), ...rows];
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
