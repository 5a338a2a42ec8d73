/**
 * outages [--seconds 10,60,300] [--seed N]: guests with their disk on IDE, SATA and virtio write, read
 * and compare while their server stops answering. Ends with 0 if every byte was right, the windows could
 * be used all the time, and nothing was left.
 */
import { parseArgs } from 'node:util';
import { Outages } from '../test/e2e/support/outages.js';

const FLAPS = 10;

const { values } = parseArgs({
  options: { seed: { type: 'string' }, seconds: { type: 'string', default: '10,60,300' } },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const lengths = values.seconds.split(',').map(Number);
if (!Number.isSafeInteger(seed) || !lengths.every((seconds) => seconds > 0)) {
  process.stderr.write('outages [--seconds 10,60,300] [--seed N]\n');
  process.exit(64);
}
process.stdout.write(`seed ${seed}, outages of ${lengths.join(', ')} s\n`);
await using outages = await Outages.prepare(seed);
for (const seconds of lengths) {
  const manner = outages.chooseManner();
  const bytes = await outages.endure(seconds * 1000, manner);
  process.stdout.write(`${seconds} s, ${manner}: ${Math.round(bytes / 1e6)} MB were right\n`);
}
const bytes = await outages.flap(FLAPS);
process.stdout.write(`${FLAPS} times 1 s: ${Math.round(bytes / 1e6)} MB were right\n`);
await outages.quit();
process.stdout.write('every byte was right, nothing was in a log, and nothing was left\n');
