import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectDisk, parseQcow2, QCOW2_HEAD_BYTES } from '../../../src/core/image/index.js';
import type { RangeSource } from '../../../src/core/range/index.js';

describe('parseQcow2', () => {
  let directory = '';
  let plain: Buffer = Buffer.alloc(0);

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'qcow2-'));
    plain = create('plain', '64M');
  });

  after(() => {
    rmSync(directory, { recursive: true });
  });

  function create(name: string, size: string, ...options: string[]): Buffer {
    const path = join(directory, name);
    execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', ...options, path, size]);
    return readFileSync(path);
  }

  function parse(image: Buffer, storedBytes = image.length): number {
    return parseQcow2(image.subarray(0, QCOW2_HEAD_BYTES), storedBytes).virtualBytes;
  }

  /** A sound image with some of its header overwritten. */
  function damaged(change: (image: Buffer) => void): Buffer {
    const copy = Buffer.from(plain);
    change(copy);
    return copy;
  }

  it('accepts what qemu-img makes', () => {
    assert.equal(parse(plain), 64 * 2 ** 20);
    const kinds: readonly (readonly [string, string])[] = [
      ['compat=0.10', '10G'],
      ['compat=1.1,lazy_refcounts=on', '512'],
      ['compression_type=zstd', '1G'],
      ['extended_l2=on,cluster_size=16k', '1G'],
      ['cluster_size=512', '100M'],
      ['cluster_size=2M', '60T'],
      ['refcount_bits=1', '1G'],
      ['preallocation=metadata', '64M'],
    ];
    for (const [options, size] of kinds) {
      const image = create('image', size, '-o', options);
      assert.ok(parse(image) >= 512, options);
    }
  });

  it('accepts an image that was not closed', () => {
    assert.equal(parse(damaged((image) => image.writeBigUInt64BE(1n, 72))), 64 * 2 ** 20);
  });

  it('refuses what qemu-img adds for backups', () => {
    create('bitmaps', '1M');
    const path = join(directory, 'bitmaps');
    execFileSync('qemu-img', ['bitmap', '--add', path, 'changes']);
    assert.throws(() => parse(readFileSync(path)), { code: 'image-refused', message: /bitmaps/ });
  });

  it('accepts an image with internal snapshots and compressed clusters', () => {
    const path = join(directory, 'snapshots');
    create('snapshots', '1M');
    execFileSync('qemu-img', ['snapshot', '-c', 'one', path]);
    assert.equal(parse(readFileSync(path)), 2 ** 20);
    execFileSync('qemu-img', ['convert', '-c', '-O', 'qcow2', path, `${path}.c`]);
    assert.equal(parse(readFileSync(`${path}.c`)), 2 ** 20);
  });

  it('refuses a backing file, however it is named', () => {
    for (const backing of ['plain', join(directory, 'plain')]) {
      const image = create('overlay', '64M', '-b', backing, '-F', 'qcow2');
      assert.throws(() => parse(image), { code: 'image-refused', message: /backing file/ });
    }
    const unnamed = damaged((image) => image.writeUInt32BE(5, 16));
    assert.throws(() => parse(unnamed), { code: 'image-refused' });
  });

  it('refuses an external data file, by its feature bit and by its extension', () => {
    const image = create('external', '1M', '-o', `data_file=${join(directory, 'data')}`);
    assert.throws(() => parse(image), { code: 'image-refused', message: /another file/ });
    image.writeBigUInt64BE(0n, 72);
    assert.throws(() => parse(image), { code: 'image-refused', message: /another file/ });
  });

  it('refuses encryption', () => {
    // AES of qcow2 itself; LUKS, which takes seconds to make, is the next number in the same field.
    const secret = ['--object', 'secret,id=s,data=x', '-o', 'encrypt.format=aes,encrypt.key-secret=s']; // prettier-ignore
    const image = create('aes', '1M', ...secret);
    assert.throws(() => parse(image), { message: /encrypted/ });
    image.writeUInt32BE(2, 32);
    assert.throws(() => parse(image), { message: /encrypted/ });
  });

  const refusals: readonly [string, string, (image: Buffer) => void][] = [
    ['another magic', 'image-malformed', (image) => image.write('KDMV')],
    ['version 1', 'image-refused', (image) => image.writeUInt32BE(1, 4)],
    ['version 4', 'image-refused', (image) => image.writeUInt32BE(4, 4)],
    ['cluster bits of 0', 'image-malformed', (image) => image.writeUInt32BE(0, 20)],
    ['cluster bits of 8', 'image-malformed', (image) => image.writeUInt32BE(8, 20)],
    ['cluster bits of 22', 'image-malformed', (image) => image.writeUInt32BE(22, 20)],
    ['cluster bits of 63', 'image-malformed', (image) => image.writeUInt32BE(63, 20)],
    ['a disk of no size', 'image-malformed', (image) => image.writeBigUInt64BE(0n, 24)],
    ['a disk of 8 EiB', 'image-refused', (image) => image.writeBigUInt64BE(2n ** 63n, 24)],
    ['half a sector', 'image-malformed', (image) => image.writeBigUInt64BE(513n, 24)],
    ['an L1 table that is too short', 'image-malformed', (image) => image.writeUInt32BE(0, 36)],
    ['a huge L1 table', 'image-malformed', (image) => image.writeUInt32BE(2 ** 32 - 1, 36)],
    ['an L1 table beyond the end', 'image-malformed', (image) => image.writeBigUInt64BE(2n ** 40n, 40)],
    ['an L1 table over the header', 'image-malformed', (image) => image.writeBigUInt64BE(0n, 40)],
    ['an L1 table out of line', 'image-malformed', (image) => image.writeBigUInt64BE(0x30008n, 40)],
    ['an L1 offset that wraps', 'image-malformed', (image) => image.writeBigUInt64BE(2n ** 64n - 65536n, 40)],
    ['no reference counts', 'image-malformed', (image) => image.writeUInt32BE(0, 56)],
    ['endless reference counts', 'image-malformed', (image) => image.writeUInt32BE(2 ** 32 - 1, 56)],
    ['reference counts beyond the end', 'image-malformed', (image) => image.writeBigUInt64BE(2n ** 50n, 48)],
    ['a million snapshots', 'image-malformed', (image) => image.writeUInt32BE(1_000_000, 60)],
    ['snapshots beyond the end', 'image-malformed', (image) => image.writeUInt32BE(1, 60)],
    ['the mark of damage', 'image-refused', (image) => image.writeBigUInt64BE(2n, 72)],
    ['an unknown feature', 'image-refused', (image) => image.writeBigUInt64BE(32n, 72)],
    ['the highest feature', 'image-refused', (image) => image.writeBigUInt64BE(2n ** 63n, 72)],
    ['wrong reference count widths', 'image-malformed', (image) => image.writeUInt32BE(7, 96)],
    ['a short header', 'image-malformed', (image) => image.writeUInt32BE(96, 100)],
    ['an endless header', 'image-malformed', (image) => image.writeUInt32BE(2 ** 32 - 8, 100)],
    ['an unknown compression', 'image-refused', (image) => image.writeUInt8(2, 104)],
    ['a compression without its feature', 'image-malformed', (image) => image.writeUInt8(1, 104)],
    ['an endless extension', 'image-malformed', (image) => image.writeUInt32BE(2 ** 32 - 1, 116)],
    ['a backing format', 'image-refused', (image) => image.writeUInt32BE(0xe2792aca, 112)],
    ['bitmaps of changes', 'image-refused', (image) => image.writeUInt32BE(0x23852875, 112)],
    ['an L1 table in the reference count table', 'image-malformed', (image) => image.copy(image, 40, 48, 56)],
    ['snapshots in the L1 table', 'image-malformed', (image) => { image.writeUInt32BE(1, 60); image.copy(image, 64, 40, 48); }],
    ['a pointer to keys', 'image-refused', (image) => image.writeUInt32BE(0x0537be77, 112)],
  ]; // prettier-ignore
  for (const [what, code, change] of refusals) {
    it(`refuses ${what}`, () => {
      assert.throws(() => parse(damaged(change)), { name: 'VmnetxError', code });
    });
  }

  it('ignores extensions that it does not know, to the end of the first cluster', () => {
    const odd = damaged((image) => {
      image.writeUInt32BE(0x12345678, 112);
      image.writeUInt32BE(65_536 - 120, 116);
    });
    assert.equal(parse(odd), 64 * 2 ** 20);
    odd.writeUInt32BE(65_536 - 119, 116);
    assert.throws(() => parse(odd), { code: 'image-malformed' });
  });

  it('refuses an image that is cut short', () => {
    for (const length of [0, 3, 71, 103, 112, 65_536, 131_072]) {
      assert.throws(() => parse(plain.subarray(0, length)), { code: 'image-malformed' });
    }
  });

  it('accepts no header that leads elsewhere, whatever it holds, and throws nothing else', () => {
    let state = 12_345;
    const random = () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
    let accepted = 0;
    for (let round = 0; round < 20_000; round++) {
      const image = damaged((copy) => {
        for (let changes = 0; changes < 1 + (round % 4); changes++) {
          copy[8 + Math.floor(random() * 140)] =
            [0, 1, 127, 128, 255][Math.floor(random() * 5)] ?? 0;
        }
      });
      try {
        const virtualBytes = parse(image);
        accepted++;
        assert.equal(image.readBigUInt64BE(8), 0n, 'a backing file');
        assert.equal(image.readUInt32BE(32), 0, 'encryption');
        if (image.readUInt32BE(4) === 3) {
          assert.equal(image.readBigUInt64BE(72) & ~0b11001n, 0n, 'an unknown feature');
        }
        assert.ok(virtualBytes > 0 && virtualBytes <= 64 * 2 ** 40, `${virtualBytes} bytes`);
        assert.ok(image.readUInt32BE(36) * 8 <= 32 * 2 ** 20, 'a huge L1 table');
        for (const offsetAt of [40, 48]) {
          assert.ok(image.readBigUInt64BE(offsetAt) < image.length, 'a table outside');
        }
      } catch (error) {
        assert.ok(error instanceof Error && error.name === 'VmnetxError', String(error));
      }
    }
    assert.ok(accepted > 100, `${accepted} were accepted`);
  });

  it('looks at a disk where it lies in its package', async () => {
    const reads: [number, number][] = [];
    const source: RangeSource = {
      label: 'x',
      size: 100 + plain.length,
      read(offset, length) {
        reads.push([offset, length]);
        return Promise.resolve(plain.subarray(offset - 100, offset - 100 + length));
      },
      close: () => Promise.resolve(),
    };
    const { signal } = new AbortController();
    const place = { offset: 100, length: statSync(join(directory, 'plain')).size };
    assert.deepEqual(await inspectDisk(source, place, 'qcow2', signal), {
      format: 'qcow2',
      virtualBytes: 64 * 2 ** 20,
    });
    assert.deepEqual(reads, [[100, QCOW2_HEAD_BYTES]]);
    assert.deepEqual(await inspectDisk(source, place, 'raw', signal), {
      format: 'raw',
      virtualBytes: place.length,
    });
    await assert.rejects(inspectDisk(source, { offset: 100, length: 0 }, 'raw', signal), {
      code: 'image-malformed',
    });
  });
});
