/**
 * fuzz [--runs N] [--seed S] [--parser NAME] [--outcomes]: gives each parser, or one, so many inputs that
 * are nearly right, 10 million by default, and says every minute how far it is. What breaks a parser is
 * made smaller and kept in build/fuzz. Ends with 0 if each was parsed or refused as it should be.
 *
 * fuzz --parser NAME --case FILE: gives it what was kept.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeFinding, fuzz, fuzzOnce, type Finding } from '../test/fuzz/fuzz.js';
import { minimise } from '../test/fuzz/minimise.js';
import { describeOutcomes, type Progress } from '../test/fuzz/outcomes.js';
import { targets } from '../test/fuzz/targets/index.js';

const KEPT = 'build/fuzz';
const TELL_MILLISECONDS = 60_000;
const MINIMISING_MILLISECONDS = 120_000;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000000' },
    seed: { type: 'string' },
    parser: { type: 'string' },
    case: { type: 'string' },
    outcomes: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const names = values.parser === undefined ? Object.keys(targets) : [values.parser];
const known = names.every((name) => Object.hasOwn(targets, name));
const isCaseAlone = values.case !== undefined && values.parser === undefined;
if (
  !known ||
  isCaseAlone ||
  !Number.isSafeInteger(runs) ||
  runs < 1 ||
  !Number.isSafeInteger(seed)
) {
  const parsers = Object.keys(targets).join('|');
  process.stderr.write(
    `fuzz [--runs N] [--seed S] [--parser ${parsers} [--case FILE]] [--outcomes]\n`,
  );
  process.exit(64);
}
for (const name of names) {
  const finding = values.case === undefined ? await search(name) : await again(name, values.case);
  if (finding === null) continue;
  say(describeFinding(name, seed, finding));
  process.exitCode = 1;
}

async function again(name: string, file: string): Promise<Finding | null> {
  return fuzzOnce(name, await readFile(file, 'utf8'));
}

async function search(name: string): Promise<Finding | null> {
  say(`${name}: ${runs} inputs, seed ${seed}`);
  const latest: { progress: Progress | null } = { progress: null };
  let told = performance.now();
  const onProgress = (progress: Progress): void => {
    latest.progress = progress;
    if (performance.now() - told < TELL_MILLISECONDS) return;
    told = performance.now();
    say(`  ${describeProgress(progress)}`);
  };
  const finding = await fuzz(name, { runs, seed, onProgress });
  if (latest.progress !== null) say(`  ${describeProgress(latest.progress)}`);
  if (finding === null) return null;
  const smallest = await minimise(name, finding, { milliseconds: MINIMISING_MILLISECONDS });
  await mkdir(KEPT, { recursive: true });
  const file = join(KEPT, `${name}-${seed}`);
  await writeFile(file, smallest.input);
  say(`kept: npm run fuzz -- --parser ${name} --case ${file}`);
  return smallest;
}

function describeProgress(progress: Progress): string {
  const memory = `${Math.round(progress.memoryBytes / 2 ** 20)} MiB`;
  const far = `${progress.inputs} of ${runs} inputs, ${memory}`;
  return values.outcomes ? `${far}: ${describeOutcomes(progress)}` : far;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
