/**
 * run-tests [--grep TEXT] [FILE…]: runs the compiled tests, all of them without FILE. The last line is
 * `N passed, N failed, N skipped`; with CI=true a skipped test is a failure.
 */
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import Mocha from 'mocha';

const TESTS = join(import.meta.dirname, '../test');
/** For a test that says nothing else. */
const TIMEOUT_MILLISECONDS = 20_000;
const SLOW_MILLISECONDS = 5000;
const LEFT_OPEN_MILLISECONDS = 10_000;

async function allTests(): Promise<readonly string[]> {
  const files = await readdir(TESTS, { recursive: true });
  return files.filter((file) => file.endsWith('.test.js')).map((file) => join(TESTS, file));
}

const { values, positionals } = parseArgs({
  options: { grep: { type: 'string' } },
  allowPositionals: true,
});
const inCi = process.env['CI'] === 'true';
process.setSourceMapsEnabled(true);
const mocha = new Mocha({
  timeout: TIMEOUT_MILLISECONDS,
  slow: SLOW_MILLISECONDS,
  forbidOnly: inCi,
  forbidPending: inCi,
  ...(values.grep === undefined ? {} : { grep: values.grep }),
});
const files = positionals.length > 0 ? positionals.map((file) => resolve(file)) : await allTests();
for (const file of [...files].sort()) mocha.addFile(file);
await mocha.loadFilesAsync();

const runner = mocha.run((failures) => {
  const { passes = 0, pending = 0 } = runner.stats ?? {};
  process.exitCode = failures > 0 || passes === 0 ? 1 : 0;
  // A test that leaves something open is a failure, not a run that never ends.
  setTimeout(() => {
    process.stderr.write('Something that a test left open keeps the process alive.\n');
    process.exit(1);
  }, LEFT_OPEN_MILLISECONDS).unref();
  process.once('exit', () => {
    process.stdout.write(`${passes} passed, ${failures} failed, ${pending} skipped\n`);
  });
});
