/**
 * run-tests [--grep TEXT] [FILE…]: runs the compiled tests, all of them without FILE: then those with
 * windows, those with machines and the others at the same time, each in a process of its own. The
 * last line is `N passed, N failed, N skipped`; with CI=true a skipped test is a failure.
 */
import { readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { addResults, runApart, runHere } from './lib/test-runs.js';

const TESTS = join(import.meta.dirname, '../test');
/** Which tests run together, the first that fits: windows share the display and its keyboard. */
const GROUPS = [/^(?:e2e|guest|ui)\//, /^core\/(?:libvirt|session|vmnetfs)\//, /^/];

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
    GROUPS.findIndex((group) => group.test(relative(TESTS, file)));
  const later = GROUPS.map(() => '');
  const results = await Promise.all(
    GROUPS.map((_, group) => {
      const own = files.filter((file) => groupOf(file) === group);
      const print = (text: string): void => {
        if (group === 0) process.stdout.write(text);
        else later[group] = `${later[group] ?? ''}${text}`;
      };
      return runApart(import.meta.filename, own, grep, print);
    }),
  );
  process.stdout.write(later.join(''));
  const { passed, failed, skipped, isGood } = addResults(results);
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  process.exitCode = isGood ? 0 : 1;
}
