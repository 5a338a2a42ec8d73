/**
 * bench:window [--quick] [--json FILE] [--report FILE]: measures how often the window is drawn while the
 * network is busy, how long a key takes to its guest beside a plain VNC viewer, and what stays in memory.
 * The status is 1 if something is not as it should be.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { describeHost } from '../host.js';
import { untilInterrupted } from '../interruption.js';
import { formatResults, Results } from '../results.js';
import { inScratch } from '../scratch.js';
import { aimsOf } from './aims.js';
import { measureLatency } from './latency.js';
import { measureMemory } from './memory.js';
import { FULL, QUICK } from './plan.js';
import { measureRedraws } from './redraws.js';
import { reportWindow } from './report.js';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    report: { type: 'string' },
  },
});

async function measure(scratch: string, signal: AbortSignal): Promise<void> {
  const plan = values.quick ? QUICK : FULL;
  const results = new Results();
  const host = await describeHost(signal);
  const bench = { plan, results, scratch, signal };
  process.stderr.write('Pressing keys\n');
  await measureLatency(bench);
  process.stderr.write('Fetching chunks\n');
  await measureRedraws(bench);
  process.stderr.write('Updating the screen\n');
  await measureMemory(bench);
  const { failures } = results;
  const aims = aimsOf(results.list(), plan);
  const { rounds, perRound } = plan.presses;
  const effort = `- ${plan.runs} runs of redrawing, ${rounds * perRound} keys by each viewer`;
  const text = reportWindow([...host, effort], results.list(), aims, failures);
  process.stdout.write(text);
  if (values.report !== undefined) await writeFile(values.report, text);
  if (values.json !== undefined) await writeFile(values.json, formatResults(results.list()));
  if (failures.length > 0 || aims.some(({ holds }) => !holds)) process.exitCode = 1;
}

await untilInterrupted((signal) => inScratch((scratch) => measure(scratch, signal)));
