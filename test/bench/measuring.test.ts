import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fio, jobWords, parseOutcome, type Job } from '../../bench/fio.js';
import { interleave } from '../../bench/interleave.js';
import { dropPages } from '../../bench/page-cache.js';
import { Program } from '../../bench/program.js';
import { reportRows } from '../../bench/report.js';
import { Results } from '../../bench/results.js';
import { isAlive } from './alive.js';
import { output } from '../support/programs.js';
import { randomBytes, seeded } from '../support/random.js';
import { until } from '../support/wait.js';

const BYTES = 4 * 2 ** 20;
const { signal } = new AbortController();
const job: Job = {
  kind: 'read',
  blockBytes: 2 ** 17,
  depth: 1,
  direct: false,
  region: { offset: 0, bytes: BYTES },
  count: null,
  limitMilliseconds: 2000,
  repeat: false,
  seed: 1,
  fill: false,
};

describe('measuring', function () {
  this.timeout(60_000);
  let folder = '';
  let path = '';

  beforeEach(async () => {
    // Not under /tmp, which may be memory: its pages cannot be dropped.
    folder = await mkdtemp('/var/tmp/vmnetx-measuring-');
    path = join(folder, 'file');
    await writeFile(path, randomBytes(BYTES, seeded(1)));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('shows a subject that was made slow as slow', async () => {
    const results = new Results();
    const metric = { metric: 'read', setting: 'here', unit: 'MB/s' } as const;
    const slow = async (): Promise<number> => {
      // The same file by way of a pipe that is held up: 4 MiB in no less than 400 ms.
      const start = performance.now();
      await output('sh', '-c', `for i in 1 2 3 4; do sleep 0.1; done; cat '${path}' | wc -c`);
      return BYTES / 1e3 / (performance.now() - start);
    };
    const fast = async (): Promise<number> => {
      const target = { kind: 'file', path } as const;
      return (await fio(target, job, folder, signal)).bytesPerSecond / 1e6;
    };
    const subjects = [
      { name: 'vmnetx', take: slow },
      { name: 'rclone mount', take: fast },
    ];
    const measure = async ({ name, take }: (typeof subjects)[number]): Promise<void> => {
      results.add(metric, name, await take());
    };
    const contest = { metric: 'read', setting: 'here', subjects, runs: 3, measure };
    await interleave(contest, results, signal);
    assert.deepEqual(results.failures, []);
    const [row] = reportRows(results.list());
    assert.ok(row?.ratio !== null && row?.ratio !== undefined && row.ratio < 0.5, `${row?.ratio}`);
  });

  it('takes from fio what was measured, and not what was read to fill the page cache', async () => {
    const target = { kind: 'file', path } as const;
    const counted = { ...job, kind: 'randread', blockBytes: 4096, count: 64, depth: 8 } as const;
    const outcome = await fio(target, { ...counted, fill: true }, folder, signal);
    assert.equal(outcome.bytes, 64 * 4096);
    assert.ok(outcome.operationsPerSecond > 0 && outcome.milliseconds > 0);
  });

  it('does not take an error or nothing at all for a measurement', async () => {
    const target = { kind: 'file', path: join(folder, 'none', 'file') } as const;
    await assert.rejects(fio(target, job, folder, signal), /fio failed/);
    assert.throws(() => parseOutcome('{"jobs": []}', 'read'));
    const nothing = { error: 0, read: { total_ios: 0 } };
    assert.throws(() => parseOutcome(JSON.stringify({ jobs: [nothing] }), 'read'), /Nothing/);
    const error = { error: 5, read: { total_ios: 9 } };
    assert.throws(() => parseOutcome(JSON.stringify({ jobs: [error] }), 'read'), /error 5/);
  });

  it('gives NBD and a file the same work', () => {
    const ofFile = jobWords({ kind: 'file', path: '/f' }, job);
    const ofNbd = jobWords({ kind: 'nbd', socket: '/s' }, job);
    assert.deepEqual(ofFile.slice(2), ofNbd.slice(2));
    assert.deepEqual(ofNbd.slice(0, 2), ['--ioengine=nbd', '--uri=nbd+unix:///?socket=/s']);
  });

  it('drops the pages of a file, also of dirty ones', async () => {
    const resident = async (): Promise<number> =>
      Number(await output('fincore', '--noheadings', '--bytes', '--output', 'RES', path));
    await readFile(path);
    assert.equal(await resident(), BYTES);
    await dropPages(path, signal);
    assert.equal(await resident(), 0);
  });

  it('ends what does not want to end, with what it started', async () => {
    const words = ['sh', '-c', 'trap "" TERM; echo $$; sleep 60 & echo $!; wait; wait'];
    const program = Program.start(words);
    await until('it has started', () => program.said.trim().split('\n').length === 2);
    const pids = program.said.trim().split('\n').map(Number);
    await assert.rejects(program.finish(50, signal), /sh failed \(SIGKILL\)/);
    await until('all are gone', async () =>
      (await Promise.all(pids.map(isAlive))).every((is) => !is),
    );
  });

  it('kills a program that ignores being asked', async () => {
    const program = Program.start(['sh', '-c', 'trap "" TERM; echo on; while :; do sleep 1; done']);
    await program.ready(() => Promise.resolve(program.said === 'on\n'), 5000, signal);
    await program.end(300);
    assert.ok(!(await isAlive(program.pid)));
  });
});
