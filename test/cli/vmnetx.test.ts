import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VERSION } from '../../src/core/places/index.js';
import { assertTold, endPrograms, startProgram } from '../e2e/support/program.js';

describe('vmnetx on a terminal', function () {
  this.timeout(60_000);
  let folder = '';
  let environment: NodeJS.ProcessEnv = {};

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'terminal-'));
    // What needs no display has to go without one, and finds no rest of the desktop either.
    environment = { PATH: process.env['PATH'], HOME: folder };
  });

  afterEach(endPrograms);
  after(() => rm(folder, { recursive: true }));

  it('tells its version and how it is called, on standard output', async () => {
    for (const name of ['vmnetx', 'vmnetx-generate'] as const) {
      assert.deepEqual(await startProgram(name, ['--version'], environment).ended, {
        status: 0,
        stdout: `vmnetx ${VERSION}\n`,
        stderr: '',
      });
      const { status, stdout, stderr } = await startProgram(name, ['--help'], environment).ended;
      assert.deepEqual([status, stderr], [0, '']);
      assert.match(stdout, new RegExp(`^Usage: ${name} .+\\n`));
      for (const option of ['--verbose', '--version', '--help']) {
        assert.ok(stdout.includes(`\n  ${option} `), option);
      }
      for (const line of stdout.split('\n')) assert.ok(line.length <= 100, line);
    }
  });

  it('ends with 64 for wrong usage, and says it in one line and a hint', async () => {
    const wrong = await startProgram('vmnetx', ['info'], environment).ended;
    assertTold(wrong.stderr, 'usage-arguments');
    const generate = await startProgram('vmnetx-generate', ['serve', 'a'], environment).ended;
    assert.match(generate.stderr, /^vmnetx-generate: .+\. \(usage-not-yet\)\n$/);
    for (const { status, stdout } of [wrong, generate]) {
      assert.deepEqual([status, stdout], [64, '']);
    }
  });

  it('tells wrong usage as an object when asked so', async () => {
    const words = ['info', '--json', '--nonsense'];
    const { status, stdout, stderr } = await startProgram('vmnetx', words, environment).ended;
    assert.deepEqual([status, stderr], [64, '']);
    const answer: unknown = JSON.parse(stdout);
    assert.deepEqual(answer, {
      error: {
        code: 'usage-unknown-option',
        message: 'There is no option “--nonsense”.',
        hint: 'See “vmnetx --help”.',
        detail: null,
        retryable: false,
      },
    });
  });
});
