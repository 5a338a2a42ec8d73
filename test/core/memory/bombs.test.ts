import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { decompress, MAX_TOOL_BYTES } from '../../../src/core/memory/index.js';
import { childrenOf } from '../../support/processes.js';
import { compressed, drain, PACKED, withStored } from './stored-file.js';

type Packed = (typeof PACKED)[number];

const MIB = 2 ** 20;
/** Programs and libraries, which are not counted as memory of their own. */
const CODE_BYTES = 16 * MIB;
const { signal } = new AbortController();

/** What a shell makes of so many MiB of zeros, which it does not know the length of. */
function packedZeros(mebibytes: number, command: string): Buffer {
  const script = `head -c ${mebibytes}M /dev/zero | ${command}`;
  return execFileSync('sh', ['-c', script], { maxBuffer: 2 ** 28 });
}

/** The same with another dictionary announced in the header of its first block. */
function withDictionary(stored: Buffer, code: number): Buffer {
  const changed = Buffer.from(stored);
  const block = 12;
  const end = block + (changed.readUInt8(block) + 1) * 4 - 4;
  assert.equal(changed.readUInt8(block + 2), 0x21, 'LZMA2');
  changed.writeUInt8(code, block + 4);
  changed.writeUInt32LE(crc32(changed.subarray(block, end)), end);
  return changed;
}

/** 3 × 2^29 bytes: 1.5 GiB. */
const HUGE_DICTIONARY = 37;

async function assertTooMuch(stored: Buffer, compression: Packed, detail: RegExp): Promise<void> {
  await assert.rejects(drain(stored, compression), {
    code: 'memory-refused',
    status: 65,
    message: /decompressing it takes too much memory/,
    detail,
  });
}

describe('decompressing what is made to hurt', function () {
  this.timeout(20_000);
  const sample = randomBytes(100_000);

  afterEach(async () => {
    assert.deepEqual(await childrenOf(process.pid, ''), [], 'a process, or what is left of one');
  });

  for (const compression of PACKED) {
    it(`ends a bomb as soon as it is seen: ${compression}`, async () => {
      const bomb = packedZeros(64, `${compression} -1`);
      assert.ok(bomb.length < MIB, `${bomb.length} bytes`);
      const start = performance.now();
      await assert.rejects(drain(bomb, compression), {
        code: 'memory-too-large',
        status: 65,
        message: /can have \(1 MiB\)/,
      });
      assert.ok(performance.now() - start < 2000);
    });

    it(`counts one stream after another together: ${compression}`, async () => {
      const one = compressed(compression, sample);
      const three = Buffer.concat([one, one, one]);
      // lzop takes it for an archive, of which it gives all, but not without a warning.
      if (compression !== 'lzop') assert.equal(await drain(three, compression, 300_000), 300_000);
      else await assert.rejects(drain(three, compression), { detail: /multipart archive/ });
      await assert.rejects(drain(three, compression, 299_999), { code: 'memory-too-large' });
    });

    it(`takes nothing from what follows a stream: ${compression}`, async () => {
      const stored = Buffer.concat([compressed(compression, sample), Buffer.alloc(5000, 'rest')]);
      // bzip2 warns of it only.
      if (compression === 'bzip2') assert.equal(await drain(stored, compression), sample.length);
      else await assert.rejects(drain(stored, compression), { code: 'memory-damaged' });
    });
  }

  it('refuses a dictionary of 1.5 GiB by xz’s own limit', async () => {
    const stored = withDictionary(compressed('xz', sample), HUGE_DICTIONARY);
    await assertTooMuch(stored, 'xz', /Memory usage limit reached/);
  });

  it('refuses a window of 2 GiB by zstd’s own limit', async () => {
    await assertTooMuch(packedZeros(1, 'zstd -1 --long=31'), 'zstd', /too much memory/);
  });

  it('gives a program no more memory for a compression that it recognises besides its own', async () => {
    const stored = withDictionary(compressed('xz', sample), HUGE_DICTIONARY);
    await assert.rejects(drain(stored, 'zstd'), {
      code: 'memory-damaged',
      detail: /^zstd: .*lzma_code decoding error 5/,
    });
  });

  const largest: readonly (readonly [string, Packed, string, number, number])[] = [
    ['a window of 128 MiB', 'zstd', 'zstd -1 --long=27', 160, 128 * MIB],
    ['many blocks at once', 'xz', 'xz -0 -T2 --block-size=16MiB', 48, 16 * MIB],
  ];
  for (const [what, compression, command, mebibytes, least] of largest) {
    it(`takes what it may of memory, and not more, for ${what}`, async () => {
      const stored = packedZeros(mebibytes, command);
      const peak = await withStored(stored, async ({ fd }) => {
        let total = 0;
        let most = 0;
        const how = { compression, maxBytes: mebibytes * MIB, signal };
        for await (const { length } of decompress(fd, how)) {
          total += length;
          if (total > (mebibytes - 8) * MIB && most === 0) most = await peakOfChild(compression);
        }
        assert.equal(total, mebibytes * MIB);
        return most;
      });
      assert.ok(peak >= least && peak < MAX_TOOL_BYTES + CODE_BYTES, `${peak / MIB} MiB`);
    });
  }
});

/** The most memory that a program which this one started has had, in bytes. */
async function peakOfChild(program: string): Promise<number> {
  const [pid = 0] = await childrenOf(process.pid, program);
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}
