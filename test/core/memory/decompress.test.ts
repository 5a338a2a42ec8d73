import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { decompress, type Compression } from '../../../src/core/memory/index.js';
import { childrenOf } from '../../support/processes.js';
import { until } from '../../support/wait.js';

type Packed = Exclude<Compression, 'none'>;

const PACKED: readonly Packed[] = ['gzip', 'bzip2', 'xz', 'lzop', 'zstd'];
const MIB = 2 ** 20;
const DICTIONARY = '--lzma2=preset=0,dict=1536MiB';
const { signal } = new AbortController();

function compressed(program: string, input: Buffer, ...options: string[]): Buffer {
  return execFileSync(program, ['-c', ...options], { input, maxBuffer: 2 ** 28 });
}

async function* piecesOf(...pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}

/** So many bytes come out. */
async function drain(
  stored: AsyncIterable<Uint8Array>,
  compression: Compression,
  maxBytes = MIB,
  until = signal,
): Promise<number> {
  let total = 0;
  for await (const { length } of decompress(stored, { compression, maxBytes, signal: until })) {
    total += length;
  }
  return total;
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
      assert.equal(await drain(piecesOf(stored), compression, sample.length), sample.length);
      await assert.rejects(drain(piecesOf(stored), compression, sample.length - 1), {
        code: 'memory-too-large',
        status: 65,
      });
    });

    it(`ends a bomb as soon as it is seen: ${compression}`, async () => {
      const bomb = compressed(compression, Buffer.alloc(8 * MIB), '-1');
      assert.ok(bomb.length < MIB / 4, `${bomb.length} bytes`);
      await assert.rejects(drain(piecesOf(bomb), compression), {
        code: 'memory-too-large',
        message: /can have \(1 MiB\)/,
      });
    });

    it(`refuses what is cut short, spoilt or noise: ${compression}`, async () => {
      const stored = compressed(compression, sample);
      const spoilt = Buffer.from(stored);
      for (let at = 30_000; at < 30_100; at++) spoilt[at] = ~(spoilt[at] ?? 0);
      for (const bad of [
        stored.subarray(0, stored.length / 2),
        stored.subarray(0, stored.length - 1),
        stored.subarray(0, 3),
        Buffer.alloc(0),
        spoilt,
        Buffer.from(sample),
      ]) {
        // What is spoilt may grow before it is found to be spoilt.
        await assert.rejects(drain(piecesOf(bad), compression, 256 * MIB), {
          code: 'memory-damaged',
          status: 65,
          message: `The machine’s saved memory is damaged: ${compression} cannot decompress it.`,
        });
      }
    });
  }

  it('counts what was stored as it is', async () => {
    assert.equal(await drain(piecesOf(sample, sample), 'none'), 2 * sample.length);
    await assert.rejects(drain(piecesOf(sample, sample), 'none', sample.length), {
      code: 'memory-too-large',
    });
  });

  it('refuses a dictionary of 1.5 GiB by xz’s own limit', async () => {
    await assertTooMuch(compressed('xz', sample, DICTIONARY), 'xz', /Memory usage limit reached/);
  });

  it('refuses a window of 2 GiB by zstd’s own limit', async () => {
    // Without a length in its frame, of which zstd would make a smaller window.
    const endless = execFileSync('sh', ['-c', 'head -c 100000 /dev/zero | zstd -1 --long=31 -c']);
    await assertTooMuch(endless, 'zstd', /too much memory/);
  });

  it('gives a program no more memory for a compression that it recognises besides its own', async () => {
    const stored = compressed('xz', sample, DICTIONARY);
    await assert.rejects(drain(piecesOf(stored), 'zstd'), {
      code: 'memory-damaged',
      detail: /^zstd: .*lzma_code decoding error 5/,
    });
  });

  it('takes nothing from its source that nobody asked for, but for what fits into pipes', async () => {
    const member = compressed('gzip', randomBytes(100_000));
    let taken = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield await Promise.resolve(((taken += member.length), member));
    }
    const how = { compression: 'gzip', maxBytes: Infinity, signal } as const;
    for await (const bytes of decompress(endless(), how)) {
      assert.ok(bytes.length > 0);
      await sleep(300);
      break;
    }
    assert.ok(taken > 0 && taken < MIB, `${taken} bytes`);
    const before = taken;
    await sleep(20);
    assert.equal(taken, before, 'it went on after the end');
  });

  it('ends at once, and with it its program, when it is told to', async () => {
    const abort = new AbortController();
    const stored = compressed('xz', sample);
    async function* stuck(): AsyncGenerator<Uint8Array> {
      yield stored.subarray(0, stored.length - 100);
      await sleep(10_000, undefined, { signal: abort.signal });
    }
    const reading = drain(stuck(), 'xz', MIB, abort.signal);
    reading.catch(() => undefined);
    await until('xz runs', async () => (await childrenOf(process.pid, 'xz')).length > 0);
    abort.abort(new Error('enough'));
    await assert.rejects(reading, { message: 'enough' });
    await assert.rejects(drain(stuck(), 'xz', MIB, abort.signal), { message: 'enough' });
  });

  it('fails with what kept its source from going on', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(compressed('lzop', sample).subarray(0, 1000));
      throw new Error('the network is away');
    }
    for (const compression of ['lzop', 'none'] as const) {
      await assert.rejects(drain(broken(), compression), { message: 'the network is away' });
    }
  });

  it('names a program that is not there, and the package that has it', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '/nonexistent';
    try {
      await assert.rejects(drain(piecesOf(sample), 'lzop'), {
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

async function assertTooMuch(stored: Buffer, compression: Packed, detail: RegExp): Promise<void> {
  assert.ok(stored.length < 200_000);
  await assert.rejects(drain(piecesOf(stored), compression), {
    code: 'memory-refused',
    message: /decompressing it takes too much memory/,
    detail,
  });
}
