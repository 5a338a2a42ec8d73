/**
 * run-tests [--grep TEXT] [FILE…]: runs the compiled tests, all of them without FILE: then those that
 * use the desktop and those that do not at the same time, in two processes. The last line is
 * `N passed, N failed, N skipped`; with CI=true a skipped test is a failure.
 */
import { readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { addResults, runApart, runHere } from './lib/test-runs.js';

const TESTS = join(import.meta.dirname, '../test');
/** They open windows or start machines, which are looked for afterwards: one after the other. */
const ON_DESKTOP = /^(?:e2e|guest|ui|core\/(?:libvirt|session))\//;

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
  const onDesktop = (file: string): boolean => ON_DESKTOP.test(relative(TESTS, file));
  const desktop = files.filter(onDesktop);
  const others = files.filter((file) => !onDesktop(file));
  const program = import.meta.filename;
  let later = '';
  const results = await Promise.all([
    runApart(program, desktop, grep, (text) => process.stdout.write(text)),
    runApart(program, others, grep, (text) => (later += text)),
  ]);
  process.stdout.write(later);
  const { passed, failed, skipped, isGood } = addResults(results);
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  process.exitCode = isGood ? 0 : 1;
}
