import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { confinedFilter, NOT_RUN } from '../../../src/core/confinement/index.js';
import { checkout } from '../../support/checkout.js';

const execute = promisify(execFile);
const BYTES = 32 * 2 ** 20;
const EPERM = 1;
const ESRCH = 3;
const ENOMEM = 12;
const EACCES = 13;

describe('confinedFilter', function () {
  this.timeout(20_000);

  /** With the program that was taken over, and a service of the user's. */
  let folder: string;
  let home: string;
  let service: Server;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'filter-'));
    home = await mkdtemp(join(homedir(), '.filter-'));
    await writeFile(join(home, 'secret'), 'secret');
    const source = join(checkout, 'test/support/taken-over-filter.c');
    await execute('cc', ['-pthread', '-o', join(folder, 'taken-over'), source]);
    service = createServer().listen(join(folder, 'bus'));
    await once(service, 'listening');
  });

  after(async () => {
    service.close();
    await rm(folder, { recursive: true });
    await rm(home, { recursive: true });
  });

  /** What it tries: 0, or the errno. */
  async function tried(
    path: string,
    ...words: string[]
  ): Promise<Readonly<Record<string, number>>> {
    const aims = [join(home, 'secret'), join(home, 'made'), join(folder, 'bus')];
    const { stdout } = await execute(path, [...words, ...aims], { env: { PATH: folder } });
    return Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((line) => {
          const [what = '', outcome] = line.split(': ');
          return [what, Number(outcome)];
        }),
    );
  }

  it('keeps a program that was taken over from all but reading, computing and writing', async () => {
    const { path, words } = await confinedFilter(['taken-over'], BYTES);
    assert.deepEqual(await tried(path, ...words), {
      read: EACCES,
      list: EACCES,
      write: EACCES,
      make: EACCES,
      chmod: EPERM,
      connect: EPERM,
      network: EPERM,
      kill: EPERM,
      limits: EPERM,
      affinity: EPERM,
      priority: EPERM,
      'disk priority': EPERM,
      owner: EPERM,
      'exact owner': EPERM,
      signal: EPERM,
      'socket owner': EPERM,
      'socket group': EPERM,
      ptrace: EPERM,
      unshare: EPERM,
      process: EPERM,
      thread: 0,
      memory: ENOMEM,
      shared: EPERM,
      limit: EPERM,
      exec: EACCES,
    });
    await assert.rejects(access(join(home, 'made')));
  });

  it('keeps it from what it could do without', async () => {
    const { ptrace, ...others } = await tried(join(folder, 'taken-over'));
    assert.equal(ptrace, ESRCH);
    assert.deepEqual(new Set(Object.values(others)), new Set([0]));
    assert.equal(Object.keys(others).length, 24);
    await access(join(home, 'made'));
    await rm(join(home, 'made'));
  });

  it('tells a program nothing of the environment', async () => {
    const { path, words, variables } = await confinedFilter(['env'], BYTES);
    const { stdout } = await execute(path, words, { env: variables });
    assert.deepEqual(stdout.trim().split('\n').sort(), ['LC_ALL=C', `PATH=${variables['PATH']}`]);
  });

  it('tells apart that there is no such program, and that it could not be run', async () => {
    const missing = await confinedFilter(['no-such-program'], BYTES);
    await assert.rejects(execute(missing.path, missing.words), {
      code: NOT_RUN.missing,
      stderr: 'vmnetx-launcher: there is no no-such-program\n',
    });
    const unlimited = await confinedFilter(['cat'], Number.NaN);
    await assert.rejects(execute(unlimited.path, unlimited.words), {
      code: NOT_RUN.unconfined,
      stderr: 'vmnetx-launcher: the limit is no number of bytes\n',
    });
    await writeFile(join(folder, 'noise'), 'noise', { mode: 0o700 });
    const noise = await confinedFilter(['noise'], BYTES);
    await assert.rejects(execute(noise.path, noise.words, { env: { PATH: folder } }), {
      code: NOT_RUN.unconfined,
      stderr: /Exec format error/,
    });
  });

  it('looks for programs in the absolute folders of PATH only', async () => {
    const { path, words } = await confinedFilter(['taken-over'], BYTES);
    for (const PATH of ['', '.', ':', `nowhere:${folder}/none`]) {
      await assert.rejects(execute(path, words, { cwd: folder, env: { PATH } }), {
        code: NOT_RUN.missing,
      });
    }
    const { stdout } = await execute(path, [...words, 'a', 'b', 'c'], {
      env: { PATH: `/nowhere:${folder}:/usr/bin` },
    });
    assert.match(stdout, /^read: /);
  });

  it('leaves no dump of a program that crashes, nor gives one to what collects them', async () => {
    const show = ['prlimit', '--core', '--noheadings', '--output=SOFT,HARD'] as const;
    const { path, words, variables } = await confinedFilter(show, BYTES);
    const { stdout } = await execute(path, words, { env: variables });
    assert.deepEqual(stdout.trim().split(/\s+/), ['1', '1']);
  });

  it('runs where nobody may leave a dump', async () => {
    const show = ['prlimit', '--core', '--noheadings', '--output=SOFT,HARD'] as const;
    const { path, words, variables } = await confinedFilter(show, BYTES);
    const without = ['--core=0:0', path, ...words];
    const { stdout } = await execute('prlimit', without, { env: { ...process.env, ...variables } });
    assert.deepEqual(stdout.trim().split(/\s+/), ['0', '0']);
  });
});
