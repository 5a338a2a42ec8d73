import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decompress } from '../../../src/core/memory/index.js';
import { childrenOf } from '../../support/processes.js';
import { eventually, until } from '../../support/wait.js';
import { compressed, drain, drainFile, PACKED, withStored } from './stored-file.js';

const MIB = 2 ** 20;
const { signal } = new AbortController();

/** Where a file is read next, in bytes. */
async function positionOf(fd: number): Promise<number> {
  const [, position] =
    /^pos:\t(\d+)$/m.exec(await readFile(`/proc/self/fdinfo/${fd}`, 'utf8')) ?? [];
  return Number(position);
}

describe('decompressing saved memory', function () {
  this.timeout(20_000);
  const sample = Buffer.concat([randomBytes(100_000), Buffer.alloc(400_000, 'page')]);

  afterEach(async () => {
    assert.deepEqual(await childrenOf(process.pid, ''), [], 'a process, or what is left of one');
  });

  for (const compression of PACKED) {
    it(`gives all, and not a byte more than may come: ${compression}`, async () => {
      const stored = compressed(compression, sample);
      assert.equal(await drain(stored, compression, sample.length), sample.length);
      await assert.rejects(drain(stored, compression, sample.length - 1), {
        code: 'memory-too-large',
        status: 65,
      });
    });

    it(`refuses what is cut short, spoilt or noise: ${compression}`, async () => {
      const stored = compressed(compression, sample);
      const spoilt = Buffer.from(stored);
      for (let at = 30_000; at < 30_100; at++) spoilt[at] = ~(spoilt[at] ?? 0);
      for (const bad of [
        stored.subarray(0, stored.length / 2),
        ...[stored.length - 1, stored.length - 20, 30_000, 30, 12, 3].map((length) =>
          stored.subarray(0, length),
        ),
        Buffer.alloc(0),
        spoilt,
        Buffer.from(sample),
      ]) {
        // What is spoilt may grow before it is found to be spoilt.
        await assert.rejects(drain(bad, compression, 256 * MIB), {
          code: 'memory-damaged',
          status: 65,
          message: `The machine’s saved memory is damaged: ${compression} cannot read it.`,
        });
      }
    });
  }

  it('counts what was stored as it is', async () => {
    assert.equal(await drain(sample, 'none'), sample.length);
    await assert.rejects(drain(sample, 'none', sample.length - 1), {
      code: 'memory-too-large',
    });
  });

  it('reads nothing that nobody asked for, but for what fits into pipes', async () => {
    const stored = compressed('gzip', randomBytes(8 * MIB), '-1');
    await withStored(stored, async ({ fd }) => {
      const how = { compression: 'gzip', maxBytes: Infinity, signal } as const;
      for await (const bytes of decompress(fd, how)) {
        assert.ok(bytes.length > 0);
        await sleep(300);
        break;
      }
      const position = await positionOf(fd);
      assert.ok(position > 1000 && position < MIB, `${position} bytes`);
    });
  });

  /** Opens what never ends, and of which nothing comes. */
  async function openStuck(): Promise<FileHandle> {
    const folder = await mkdtemp(join(tmpdir(), 'stuck-'));
    try {
      execFileSync('mkfifo', [join(folder, 'memory')]);
      return await open(join(folder, 'memory'), 'r+');
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  it('does not take memory for damaged when its program is killed by somebody', async () => {
    await using stuck = await openStuck();
    const reading = assert.rejects(drainFile(stuck.fd, 'xz', MIB), {
      code: 'host-program-failed',
      status: 69,
      message: 'The program xz failed.',
      detail: ' (xz: SIGKILL)',
    });
    const find = async () => (await childrenOf(process.pid, 'xz'))[0];
    process.kill(await eventually('xz runs', find), 'SIGKILL');
    await reading;
  });

  it('ends at once, and with it its program, when it is told to', async () => {
    await using stuck = await openStuck();
    const abort = new AbortController();
    const reading = drainFile(stuck.fd, 'xz', MIB, abort.signal);
    reading.catch(() => undefined);
    await until('xz runs', async () => (await childrenOf(process.pid, 'xz')).length > 0);
    abort.abort(new Error('enough'));
    await assert.rejects(reading, { message: 'enough' });
    await assert.rejects(drainFile(stuck.fd, 'xz', MIB, abort.signal), { message: 'enough' });
  });

  it('fails where what is stored cannot be read', async () => {
    // At its beginning there is never any memory: reading fails with EIO.
    await using broken = await open('/proc/self/mem');
    for (const compression of PACKED) {
      await assert.rejects(drainFile(broken.fd, compression), { code: 'memory-damaged' });
    }
    await assert.rejects(drainFile(broken.fd, 'none'), {
      code: 'memory-damaged',
      message: 'The machine’s saved memory is damaged: cat cannot read it.',
      detail: 'cat: -: Input/output error (cat: 1)',
    });
  });

  it('names a program that is not there, and the package that has it', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '/nonexistent';
    try {
      await assert.rejects(drain(sample, 'lzop'), {
        code: 'host-program-missing',
        status: 69,
        message: 'The program lzop is not installed.',
        hint: 'Install the package “lzop” of your distribution.',
      });
    } finally {
      process.env['PATH'] = path;
    }
  });
});
