import { spawn } from 'node:child_process';
import Mocha from 'mocha';

/** For a test that says nothing else. */
const TIMEOUT_MILLISECONDS = 20_000;
const SLOW_MILLISECONDS = 5000;
const LEFT_OPEN_MILLISECONDS = 10_000;
/** The last line of the tests; what belongs to their display and bus may say something after it. */
const COUNTS = /^(\d+) passed, (\d+) failed, (\d+) skipped$/gm;
/** Where Mocha begins to tell what failed, and why. */
const FAILURES = /^ {2}\d+ failing$[^]*/m;
const FAILED_FILE = /^(.+): failed, (\d+) passed$/gm;

/** As scripts/run has them run: with nothing of the desktop's. */
const OWN_DISPLAY = [
  ...['xvfb-run', '-a', '-s', '-screen 0 1280x1024x24 -nolisten tcp -noreset'],
  ...['dbus-run-session', '--'],
];

export interface ApartOptions {
  readonly grep: string | null;
  /** Whether they get a display and a session bus of their own. */
  readonly ownDisplay: boolean;
  /** Is given what they print as it comes, the counts included. */
  readonly print: (text: string) => void;
}

/** A file with tests of which not all passed. */
export interface FailedFile {
  readonly path: string;
  /** Tests in it that passed. */
  readonly passed: number;
}

/** What came of some tests. */
export interface TestResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed, and why, as it was printed. */
  readonly failures: string;
  /** Where something failed. */
  readonly failedFiles: readonly FailedFile[];
  /** Nothing failed, and nothing was left open. */
  readonly isGood: boolean;
}

/** Runs tests in this process, and says at its end how they went. */
export async function runHere(files: readonly string[], grep: string | null): Promise<void> {
  const inCi = process.env['CI'] === 'true';
  process.setSourceMapsEnabled(true);
  const mocha = new Mocha({
    timeout: TIMEOUT_MILLISECONDS,
    slow: SLOW_MILLISECONDS,
    forbidOnly: inCi,
    forbidPending: inCi,
    ...(grep === null ? {} : { grep }),
  });
  for (const file of [...files].sort()) mocha.addFile(file);
  await mocha.loadFilesAsync();
  const passedIn = new Map<string, number>();
  const failedIn = new Set<string>();
  const runner = mocha.run((failures) => {
    const { passes = 0, pending = 0 } = runner.stats ?? {};
    process.exitCode = failures > 0 || passes === 0 ? 1 : 0;
    // A test that leaves something open is a failure, not a run that never ends.
    setTimeout(() => {
      process.stdout.write('Something that a test left open keeps the process alive.\n');
      process.exit(1);
    }, LEFT_OPEN_MILLISECONDS).unref();
    process.once('exit', () => {
      for (const file of failedIn) {
        process.stdout.write(`${file}: failed, ${passedIn.get(file) ?? 0} passed\n`);
      }
      process.stdout.write(`${passes} passed, ${failures} failed, ${pending} skipped\n`);
      // Everything has ended by itself. Node's own taking apart would wait for ever, busily, for a
      // message to a child that was killed with it unread.
      process.exit();
    });
  });
  runner.on('pass', ({ file = '' }) => passedIn.set(file, (passedIn.get(file) ?? 0) + 1));
  runner.on('fail', ({ file = '' }) => failedIn.add(file));
}

/**
 * Runs tests in a process of their own.
 *
 * @param program the path of run-tests
 */
export function runApart(
  program: string,
  files: readonly string[],
  { grep, ownDisplay, print }: ApartOptions,
): Promise<TestResult> {
  const [command = '', ...words] = [
    ...(ownDisplay ? OWN_DISPLAY : []),
    process.execPath,
    program,
    ...(grep === null ? [] : ['--grep', grep]),
    ...files,
  ];
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      print(text);
    });
  }
  return new Promise((done, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      const counts = [...output.matchAll(COUNTS)].at(-1)?.slice(1).map(Number);
      const [passed = 0, failed = 1, skipped = 0] = counts ?? [];
      const [failures = ''] = FAILURES.exec(output) ?? [];
      const failedFiles = [...output.matchAll(FAILED_FILE)].map(([, path = '', passed]) => ({
        path,
        passed: Number(passed),
      }));
      done({ passed, failed, skipped, failures, failedFiles, isGood: status === 0 });
    });
  });
}

/** With --grep, one of several may find nothing to run. */
export function addResults(results: readonly TestResult[]): TestResult {
  const sum = (key: 'passed' | 'failed' | 'skipped'): number =>
    results.reduce((total, result) => total + result[key], 0);
  const passed = sum('passed');
  const isGood = results.every((one) => one.isGood || one.passed + one.failed + one.skipped === 0);
  return {
    passed,
    failed: sum('failed'),
    skipped: sum('skipped'),
    failures: results.map(({ failures }) => failures).join(''),
    failedFiles: results.flatMap(({ failedFiles }) => failedFiles),
    isGood: isGood && passed > 0,
  };
}

/**
 * What came of tests of which some files were run once more.
 *
 * @param again what came of those files, all of them, the second time
 */
export function withSecondRun(first: TestResult, again: TestResult): TestResult {
  const passedBefore = first.failedFiles.reduce((sum, { passed }) => sum + passed, 0);
  return { ...again, passed: first.passed - passedBefore + again.passed };
}
