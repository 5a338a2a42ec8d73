import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const MODULE = new URL('../../src/cli/report.js', import.meta.url).href;
const ERRORS = new URL('../../src/core/errors/index.js', import.meta.url).href;

/** Reports an error of the given expression in a process of its own: standard output is the test's. */
async function report(expression: string, style: object) {
  const script = `
    import { reportFailure } from ${JSON.stringify(MODULE)};
    import { fail } from ${JSON.stringify(ERRORS)};
    process.exitCode = reportFailure('vmnetx', ${expression}, ${JSON.stringify(style)});`;
  const words = ['--input-type=module', '-e', script];
  try {
    await promisify(execFile)(process.execPath, words, { timeout: 20_000 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'stdout' in error && 'stderr' in error))
      throw error;
    const { code, stdout, stderr } = error;
    return { status: code, stdout: String(stdout), stderr: String(stderr) };
  }
  throw new Error('a failure ended with 0');
}

const BUSY = "fail('server-busy', { host: 'a' }, { detail: 'status 503' })";

describe('the report of a failure', () => {
  it('is a line with the code, and one with what to do', async () => {
    assert.deepEqual(await report(BUSY, { json: false, verbose: false }), {
      status: 69,
      stdout: '',
      stderr: 'vmnetx: The web server a is busy. (server-busy)\nTry again later.\n',
    });
    const { stderr } = await report("fail('usage-not-yet', { word: 'a' })", { json: false });
    assert.equal(stderr, 'vmnetx: “a” does not exist yet in this version. (usage-not-yet)\n');
  });

  it('has the details when more is asked for, and for our own faults', async () => {
    const verbose = await report(BUSY, { json: false, verbose: true });
    assert.match(verbose.stderr, /\(server-busy\)\nTry again later\.\nstatus 503\n$/);
    const fault = await report("new TypeError('x is undefined')", { json: false, verbose: false });
    assert.equal(fault.status, 70);
    assert.match(fault.stderr, /^vmnetx: .+\(internal-error\)\n.+\nx is undefined\n$/);
  });

  it('is one object on standard output with json', async () => {
    const { status, stdout, stderr } = await report(BUSY, { json: true, verbose: true });
    assert.deepEqual([status, stderr], [69, '']);
    const expected = {
      code: 'server-busy',
      message: 'The web server a is busy.',
      hint: 'Try again later.',
      detail: 'status 503',
      retryable: true,
    };
    assert.deepEqual(JSON.parse(stdout), { error: expected });
  });
});
