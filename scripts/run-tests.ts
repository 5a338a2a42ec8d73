/**
 * run-tests [--grep TEXT] [FILE…]: runs the compiled tests, all of them without FILE: then several groups
 * at the same time, each in a process of its own. At the end it tells once more what failed; the last line
 * is `N passed, N failed, N skipped`; with CI=true a skipped test is a failure.
 */
import { readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { addResults, runApart, runHere } from './lib/test-runs.js';

const TESTS = join(import.meta.dirname, '../test');
/** Tests that run one after another, while those of the other groups run beside them. */
interface Group {
  readonly name: string;
  /** The first that fits a file has it. */
  readonly files: RegExp;
  /** Windows that share a display share its keyboard, too: so it is one at a time on each. */
  readonly ownDisplay: boolean;
}

const GROUPS: readonly Group[] = [
  { name: 'windows', files: /^e2e\/(?:[a-k]|resume)/, ownDisplay: false },
  { name: 'more windows', files: /^(?:e2e|guest|ui)\//, ownDisplay: true },
  {
    name: 'machines and commands',
    files: /^(?:cli|core\/(?:libvirt|session|vmnetfs))\//,
    ownDisplay: false,
  },
  { name: 'the rest', files: /^/, ownDisplay: false },
];

async function allTests(): Promise<readonly string[]> {
  const files = await readdir(TESTS, { recursive: true });
  return files.filter((file) => file.endsWith('.test.js')).map((file) => join(TESTS, file));
}

const { values, positionals } = parseArgs({
  options: { grep: { type: 'string' } },
  allowPositionals: true,
});
const { grep = null } = values;
if (positionals.length > 0) {
  await runHere(
    positionals.map((file) => resolve(file)),
    grep,
  );
} else {
  const files = await allTests();
  const groupOf = (file: string): number =>
    GROUPS.findIndex(({ files }) => files.test(relative(TESTS, file)));
  const later = GROUPS.map(() => '');
  const results = await Promise.all(
    GROUPS.map(async ({ name, ownDisplay }, group) => {
      const own = files.filter((file) => groupOf(file) === group);
      const print = (text: string): void => {
        if (group === 0) process.stdout.write(text);
        else later[group] = `${later[group] ?? ''}${text}`;
      };
      const begin = performance.now();
      const result = await runApart(import.meta.filename, own, { grep, ownDisplay, print });
      print(`${name}: ${Math.round((performance.now() - begin) / 1000)} s\n`);
      return result;
    }),
  );
  process.stdout.write(later.join(''));
  const { passed, failed, skipped, failures, isGood } = addResults(results);
  process.stdout.write(`${failures}${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  process.exitCode = isGood ? 0 : 1;
}
