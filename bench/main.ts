/**
 * bench [--quick] [--only ROW]… [--subjects NAME,…] [--json FILE] [--report FILE]: measures VMNetX
 * beside others that run a disk from a web server, and prints a table. ROW is a part of metrics' names.
 * The status is 1 if something of VMNetX itself failed.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { describeHost } from './host.js';
import { untilInterrupted } from './interruption.js';
import { FULL, QUICK } from './plan.js';
import { report } from './report.js';
import { formatResults, OURS, Results } from './results.js';
import { runBenchmarks } from './run.js';
import { subjects } from './subjects/index.js';

const USAGE_STATUS = 64;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    subjects: { type: 'string' },
    json: { type: 'string' },
    report: { type: 'string' },
  },
});

const wanted = values.subjects?.split(',') ?? subjects.map(({ name }) => name);
const unknown = wanted.filter((name) => !subjects.some((subject) => subject.name === name));
if (unknown.length > 0) {
  const all = subjects.map(({ name }) => name).join(', ');
  process.stderr.write(`There is no subject “${unknown.join(', ')}”; there are: ${all}\n`);
  process.exit(USAGE_STATUS);
}

const start = performance.now();
const seconds = (): number => Math.round((performance.now() - start) / 1000);
const results = new Results();

async function measure(signal: AbortSignal): Promise<void> {
  const plan = values.quick ? QUICK : FULL;
  const host = await describeHost(signal);
  await runBenchmarks({
    plan,
    results,
    subjects: subjects.filter(({ name }) => wanted.includes(name)),
    wants: (metric) => values.only?.some((part) => metric.includes(part)) ?? true,
    say: (text) => process.stderr.write(`${String(seconds()).padStart(4)} s  ${text}\n`),
    signal,
  });
  const effort = `- ${values.quick ? 'quick: ' : ''}${plan.runs} runs each, ${seconds()} s in all`;
  const { failures } = results;
  const text = report({ host: [...host, effort], results: results.list(), failures }, subjects);
  process.stdout.write(text);
  if (values.report !== undefined) await writeFile(values.report, text);
  if (values.json !== undefined) await writeFile(values.json, formatResults(results.list()));
  if (failures.some(({ subject }) => subject === OURS)) process.exitCode = 1;
}

await untilInterrupted(measure);
