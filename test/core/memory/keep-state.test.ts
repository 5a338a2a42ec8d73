import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdtemp, open, readFile, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSlow, keepState, type SlowCompression } from '../../../src/core/memory/index.js';
import { childrenOf } from '../../support/processes.js';
import { output } from '../../support/programs.js';
import { eventually, until } from '../../support/wait.js';

const SLOW: readonly SlowCompression[] = ['gzip', 'bzip2', 'xz'];
/** What stands before the state in saved memory. */
const HEAD = Buffer.from('libvirt’s header');
const LIMIT = 2 ** 24;
/** As many files as Node opens at the same time. */
const POOL_THREADS = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
const { signal } = new AbortController();

describe('compressing a state for the next time', function () {
  this.timeout(20_000);
  const state = Buffer.concat([randomBytes(40_000), Buffer.alloc(200_000)]);
  let folder = '';
  let kept: FileHandle;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keep-'));
    kept = await open(join(folder, 'kept'), 'wx+');
  });

  afterEach(async () => {
    assert.deepEqual(await childrenOf(process.pid, ''), [], 'a process, or what is left of one');
    await kept.close();
    await rm(folder, { recursive: true });
  });

  /** Opens saved memory at the beginning of its state. */
  async function openStored(compression: SlowCompression, stored: Buffer): Promise<FileHandle> {
    const path = join(folder, compression);
    await writeFile(path, Buffer.concat([HEAD, stored]));
    const file = await open(path);
    await file.read(Buffer.alloc(HEAD.length), 0, HEAD.length, null);
    return file;
  }

  async function keep(
    compression: SlowCompression,
    stored = compressed(compression, state),
    { maxBytes = LIMIT, to = kept } = {},
  ): Promise<void> {
    const file = await openStored(compression, stored);
    try {
      await keepState({ compression, stored: file.fd, kept: to.fd, maxBytes }, signal);
    } finally {
      await file.close();
    }
  }

  /** Opens what never ends, and of which nothing comes. */
  async function openStuck(): Promise<FileHandle> {
    await output('mkfifo', join(folder, 'stuck'));
    return open(join(folder, 'stuck'), constants.O_RDWR);
  }

  const keepStuck = (stuck: FileHandle, until: AbortSignal) =>
    keepState({ compression: 'xz', stored: stuck.fd, kept: kept.fd, maxBytes: LIMIT }, until);

  async function running(program: string): Promise<number> {
    const find = async () => (await childrenOf(process.pid, program))[0];
    return eventually(`${program} runs`, find);
  }

  for (const compression of SLOW) {
    it(`gives what zstd decompresses to the same, after what was written before: ${compression}`, async () => {
      await kept.write('before');
      await keep(compression);
      const all = await readFile(join(folder, 'kept'));
      assert.equal(all.toString('latin1', 0, 6), 'before');
      assert.ok(all.length < 50_000, `${all.length} bytes`);
      assert.ok(decompressed(all.subarray(6)).equals(state));
    });

    it(`fails for what is damaged or cut short: ${compression}`, async () => {
      const stored = compressed(compression, state);
      const spoilt = Buffer.from(stored);
      spoilt.fill(0x55, 20_000, 20_100);
      for (const bad of [stored.subarray(0, stored.length - 1), spoilt, Buffer.alloc(0)]) {
        await assert.rejects(keep(compression, bad), {
          code: 'memory-damaged',
          message: `The machine’s saved memory is damaged: ${compression} cannot read it.`,
        });
      }
    });
  }

  it('is worth it only for what takes longer to load than zstd', () => {
    const all = ['none', 'gzip', 'bzip2', 'xz', 'lzop', 'zstd'] as const;
    assert.deepEqual(all.filter(isSlow), SLOW);
  });

  it('gives what zstd finds to be damaged, wherever it is', async () => {
    await keep('gzip');
    const good = await readFile(join(folder, 'kept'));
    for (let at = 0; at < good.length; at += Math.floor(good.length / 5)) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ 1;
      assert.throws(() => decompressed(bad), String(at));
    }
    assert.throws(() => decompressed(good.subarray(0, good.length - 1)));
  });

  it('fails where the file cannot take it all', async () => {
    const noSpace = { code: 'host-no-space', status: 74 };
    await assert.rejects(keep('gzip', undefined, { maxBytes: 20_000 }), noSpace);
    assert.ok((await kept.stat()).size <= 20_000);
    const full = await open('/dev/full', 'w');
    try {
      await assert.rejects(keep('xz', undefined, { to: full }), {
        ...noSpace,
        detail: /No space left on device.*\(zstd: \d+\)$/,
      });
    } finally {
      await full.close();
    }
  });

  it('runs behind everything else, and ends at once when it is told to', async () => {
    const stuck = await openStuck();
    const abort = new AbortController();
    const keeping = keepStuck(stuck, abort.signal);
    keeping.catch(() => undefined);
    for (const program of ['xz', 'zstd']) {
      const pid = await running(program);
      await until(`${program} runs behind`, async () => {
        return getPriority(pid) === 19 && (await output('ionice', '-p', String(pid))) === 'idle';
      });
    }
    abort.abort(new Error('enough'));
    await assert.rejects(keeping, { message: 'enough' });
    await assert.rejects(keepStuck(stuck, abort.signal), { message: 'enough' });
    await stuck.close();
  });

  it('begins nothing when it is told to end before anything runs', async () => {
    const stuck = await openStuck();
    const abort = new AbortController();
    const keeping = keepStuck(stuck, abort.signal);
    abort.abort(new Error('enough'));
    await assert.rejects(keeping, { message: 'enough' });
    await stuck.close();
  });

  for (const program of ['xz', 'zstd']) {
    it(`fails when ${program} is killed, and ends the other one`, async () => {
      const stuck = await openStuck();
      const keeping = assert.rejects(keepStuck(stuck, signal), {
        code: 'host-program-failed',
        status: 69,
        message: `The program ${program} failed.`,
        detail: ` (${program}: SIGKILL)`,
      });
      process.kill(await running(program), 'SIGKILL');
      await keeping;
      await stuck.close();
    });
  }

  it('loses nothing, however busy this process is', async () => {
    const fifo = join(folder, 'busy');
    await output('mkfifo', fifo);
    const file = await openStored('gzip', compressed('gzip', state));
    const how = { compression: 'gzip', stored: file.fd, kept: kept.fd, maxBytes: LIMIT } as const;
    const keeping = keepState(how, signal);
    // From here on no file is opened or looked for until somebody writes.
    const waiting = Array.from({ length: POOL_THREADS }, () => open(fifo, 'r'));
    await sleep(200);
    await output('sh', '-c', `exec >${fifo}; sleep 0.1`);
    for (const opened of waiting) await (await opened).close();
    await keeping;
    await file.close();
    assert.ok(decompressed(await readFile(join(folder, 'kept'))).equals(state));
  });

  it('names a program that is not there, and the package that has it', async () => {
    const path = process.env['PATH'];
    const stored = compressed('xz', state);
    const tools = join(folder, 'tools');
    await output('mkdir', tools);
    await output('ln', '-s', '/usr/bin/nice', '/usr/bin/xz', tools);
    process.env['PATH'] = tools;
    try {
      await assert.rejects(keep('xz', stored), {
        code: 'host-program-missing',
        status: 69,
        message: 'The program zstd is not installed.',
      });
    } finally {
      process.env['PATH'] = path;
    }
  });
});

function compressed(program: SlowCompression, input: Buffer): Buffer {
  return execFileSync(program, ['-1', '-c'], { input });
}

function decompressed(input: Buffer): Buffer {
  return execFileSync('zstd', ['-dcq'], { input, maxBuffer: LIMIT, stdio: 'pipe' });
}
