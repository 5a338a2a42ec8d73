import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout } from '../support/checkout.js';
import { run } from '../scripts/shell.js';

describe('the results of npm run bench', () => {
  let root = '';

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'results-'));
    await mkdir(join(root, 'build/bench'), { recursive: true });
    await writeFile(join(root, 'build/bench/results.json'), '[]\n');
  });

  afterEach(() => rm(root, { recursive: true }));

  async function withBench(lines: string, ...words: string[]) {
    const libraries = ['common', 'bench'].map((name) => `. '${checkout}/scripts/lib/${name}.sh'`);
    const script = `set -euo pipefail; root=$1; shift; ${libraries.join('; ')}; ${lines}`;
    return await run('bash', ['-c', script, 'bash', root, ...words]);
  }

  it('are written by who asked, where they asked; the measuring program is told the rest', async () => {
    const wanted = join(root, 'wanted file.json');
    const lines = 'split_bench_arguments "$@"; deliver_results; echo "${bench_arguments[*]}"';
    const words = ['--quick', '--json', wanted, '--only', 'cold random'];
    const { status, stdout, stderr } = await withBench(lines, ...words);
    assert.deepEqual([status, stdout, stderr], [0, '--quick --only cold random\n', '']);
    assert.equal(await readFile(wanted, 'utf8'), '[]\n');
  });

  it('are none of an earlier run', async () => {
    const wanted = join(root, 'wanted.json');
    const lines = 'split_bench_arguments "$@"; forget_results; deliver_results';
    assert.equal((await withBench(lines, `--json=${wanted}`)).status, 0);
    await assert.rejects(readFile(wanted), { code: 'ENOENT' });
  });

  it('are refused a place that cannot be written before anything is measured', async () => {
    const lines = 'split_bench_arguments "$@"; echo measured';
    for (const [words, wanted] of [
      [['--json', join(root, 'none/wanted.json')], 74],
      [['--json'], 64],
    ] as const) {
      const { status, stdout } = await withBench(lines, ...words);
      assert.deepEqual([status, stdout], [wanted, '']);
    }
  });
});
