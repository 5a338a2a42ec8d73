/**
 * run-tests [--grep TEXT] [FILE…]: runs the compiled tests, all of them without FILE: then several groups
 * at the same time, each in a process of its own. They contend for the processors, so a file in which a test
 * failed gets a second run when nothing is beside it; what failed at first is told in either case. The last
 * line is `N passed, N failed, N skipped`; with CI=true a skipped test is a failure.
 */
import { readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { addResults, runApart, runHere, withSecondRun, type TestResult } from './lib/test-runs.js';

const TESTS = join(import.meta.dirname, '../test');
/** More are no accident. */
const MOST_SECOND_RUNS = 4;

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
  { name: 'more windows', files: /^(?:e2e|guest)\//, ownDisplay: true },
  { name: 'the window alone', files: /^ui\//, ownDisplay: true },
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
  const first = addResults(results);
  process.stdout.write(first.failures);
  const { passed, failed, skipped, isGood } = await withAnotherChance(results, first);
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  process.exitCode = isGood ? 0 : 1;
}

async function withAnotherChance(
  results: readonly TestResult[],
  whole: TestResult,
): Promise<TestResult> {
  const few = whole.failedFiles.length <= MOST_SECOND_RUNS;
  const last: TestResult[] = [];
  for (const [group, result] of results.entries()) {
    const files = result.failedFiles.map(({ path }) => path);
    if (result.failed === 0 || files.length === 0 || !few) {
      last.push(result);
      continue;
    }
    process.stdout.write(
      `Once more, alone: ${files.map((file) => relative(TESTS, file)).join(', ')}\n`,
    );
    const ownDisplay = GROUPS[group]?.ownDisplay ?? true;
    const print = (text: string): void => void process.stdout.write(text);
    const again = await runApart(import.meta.filename, files, { grep, ownDisplay, print });
    last.push(withSecondRun(result, again));
  }
  return addResults(last);
}
