/**
 * kills [--seed N] [--runs N]: kills a part of a session again and again, wherever the session is.
 * Ends with 0 if the next start cleared all that was left, each time.
 */
import { parseArgs } from 'node:util';
import { killSessions } from '../test/core/session/support/kill-campaign.js';

const { values } = parseArgs({
  options: { seed: { type: 'string' }, runs: { type: 'string', default: '50' } },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const runs = Number(values.runs);
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(runs) || runs < 1) {
  process.stderr.write('kills [--seed N] [--runs N]\n');
  process.exit(64);
}
process.stdout.write(`seed ${seed}, ${runs} runs\n`);
const counts = await killSessions(seed, runs, (words) => process.stdout.write(`${words}\n`));
const told = [...counts].map(([what, times]) => `${what} ${times}`).join(', ');
process.stdout.write(`${told}: nothing was left, and no other session was hurt\n`);
process.exit(0);
