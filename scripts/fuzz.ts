/**
 * fuzz [--runs N] [--seed S] [--parser NAME]: gives the parsers, or one, so many inputs that are nearly
 * right, 10 million by default. Ends with 0 if each was parsed or refused as it should be.
 */
import { parseArgs } from 'node:util';
import { describeFinding, fuzz } from '../test/fuzz/fuzz.js';
import { targets } from '../test/fuzz/targets/index.js';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000000' },
    seed: { type: 'string' },
    parser: { type: 'string' },
  },
});
const runs = Number(values.runs);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const names = values.parser === undefined ? Object.keys(targets) : [values.parser];
const known = names.every((name) => Object.hasOwn(targets, name));
if (!known || !Number.isSafeInteger(runs) || runs < 1 || !Number.isSafeInteger(seed)) {
  const parsers = Object.keys(targets).join('|');
  process.stderr.write(`fuzz [--runs N] [--seed S] [--parser ${parsers}]\n`);
  process.exit(64);
}
for (const name of names) {
  process.stdout.write(`${name}: ${runs} inputs, seed ${seed}\n`);
  const finding = await fuzz(name, { runs, seed });
  if (finding === null) continue;
  process.stdout.write(`${describeFinding(name, seed, finding)}\n`);
  process.exitCode = 1;
}
