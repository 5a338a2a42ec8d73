/**
 * faults [--seed N] [--minutes M]: a guest writes, reads and compares over a server that fails one
 * request in ten. Ends with 0 if every byte was right.
 */
import { parseArgs } from 'node:util';
import { runGuestOverFaults } from '../test/e2e/support/guest-over-faults.js';

const { values } = parseArgs({
  options: { seed: { type: 'string' }, minutes: { type: 'string', default: '10' } },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const minutes = Number(values.minutes);
if (!Number.isSafeInteger(seed) || !(minutes > 0)) {
  process.stderr.write('faults [--seed N] [--minutes M]\n');
  process.exit(64);
}
process.stdout.write(`seed ${seed}, ${minutes} minutes\n`);
const { filesWritten, bytesVerified, requests, failed } = await runGuestOverFaults(
  seed,
  minutes * 60_000,
);
process.stdout.write(
  `${filesWritten} files written, ${Math.round(bytesVerified / 1e6)} MB verified, ` +
    `${failed} of ${requests} requests failed: every byte was right\n`,
);
