/**
 * bench:resume [--quick] [--json FILE] [--report FILE]: measures how long a machine that was saved while
 * it ran takes from the click until its guest goes on, beside a download and `virsh restore`.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { describeHost } from '../host.js';
import { untilInterrupted } from '../interruption.js';
import { formatResults, OURS, Results } from '../results.js';
import { inScratch } from '../scratch.js';
import { makeGuest } from './guest.js';
import { measureResuming } from './measure.js';
import { FULL, QUICK } from './plan.js';
import { reportResuming } from './report.js';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    report: { type: 'string' },
  },
});

async function measure(folder: string, signal: AbortSignal): Promise<void> {
  const plan = values.quick ? QUICK : FULL;
  const results = new Results();
  const host = await describeHost(signal);
  process.stderr.write('Saving a machine while it runs\n');
  const guest = await makeGuest(folder, plan);
  process.stderr.write('Resuming it\n');
  await measureResuming({ plan, guest, results, signal });
  const size = `- ${plan.runs} runs each, of ${(guest.memoryBytes / 1e6).toFixed(1)} MB of memory, compressed by xz`;
  const { failures } = results;
  const text = reportResuming([...host, size], results.list(), failures);
  process.stdout.write(text);
  if (values.report !== undefined) await writeFile(values.report, text);
  if (values.json !== undefined) await writeFile(values.json, formatResults(results.list()));
  if (failures.some(({ subject }) => subject === OURS)) process.exitCode = 1;
}

await untilInterrupted((signal) => inScratch((folder) => measure(folder, signal)));
