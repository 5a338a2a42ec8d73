import assert from 'node:assert/strict';
import { open, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { until } from '../../support/wait.js';
import { LIVE, marksIn, RECORD, xxh3 } from './record-files.js';
import { CHUNK_BYTES, RecordedImage } from './recorded-image.js';
import { Program } from './mounted-images.js';
import { foundBy } from './record-under-faults.js';

type File = 'data' | 'record' | 'live';

describe('a record that was damaged', () => {
  let image: RecordedImage;
  beforeEach(async () => {
    image = await RecordedImage.create();
    const mounted = await image.mount();
    await mounted.deliverEach([0, 1, 2, 3, 4]);
    await mounted.close();
  });
  afterEach(() => image.close());

  async function flip(file: File, offset: number, mask: number): Promise<void> {
    const handle = await open(image.path(file), 'r+');
    const byte = Buffer.alloc(1);
    await handle.read(byte, 0, 1, offset);
    byte.writeUInt8(byte.readUInt8() ^ mask);
    await handle.write(byte, 0, 1, offset);
    await handle.close();
  }

  /** Reads everything right, and returns how often chunks were found damaged and asked for. */
  async function readAll(identity?: Buffer): Promise<{ damaged: number; misses: number }> {
    const mounted = await image.mount(identity === undefined ? {} : { identity });
    assert((await mounted.readAll()).equals(image.origin));
    // What was delivered is stored a moment later.
    await until('all is stored', () => mounted.statistics.chunksPresent === image.chunks);
    const { damaged, misses } = mounted.statistics;
    await mounted.close();
    return { damaged, misses };
  }

  const missing = (): number => image.chunks - 5;

  it('is whole to begin with', async () => {
    assert.deepEqual(await readAll(), { damaged: 0, misses: missing() });
    assert.deepEqual(await readAll(), { damaged: 0, misses: 0 });
  });

  for (const [what, file, offset] of [
    ['a bit of the data', 'data', 3 * CHUNK_BYTES + 77],
    ['a bit of a checksum', 'record', RECORD.checksums + 3 * 8],
  ] as const) {
    it(`has a chunk fetched again for ${what}, and only once`, async () => {
      await flip(file, offset, 16);
      assert.deepEqual(await readAll(), { damaged: 1, misses: missing() + 1 });
      assert.deepEqual(await readAll(), { damaged: 0, misses: 0 });
    });
  }

  it('has only what is damaged fetched again, however many find it at a time', async () => {
    const large = await RecordedImage.create(400 * CHUNK_BYTES);
    try {
      const chunks = Array.from({ length: large.chunks }, (_, chunk) => chunk);
      const kept = await large.mount();
      await kept.deliverEach(chunks);
      await kept.close();
      const data = await open(large.path('data'), 'r+');
      const damaged = chunks.filter((chunk) => chunk % 3 === 0);
      for (const chunk of damaged) await data.write(Buffer.alloc(1), 0, 1, chunk * CHUNK_BYTES + 9);
      await data.close();
      const wrong = damaged.filter((chunk) => large.bytesOf(chunk)[9] !== 0);

      const mounted = await large.mount();
      const parts = [0, 1, 2, 3].map(async (part) => {
        const [offset, length] = [part * 100 * CHUNK_BYTES, 100 * CHUNK_BYTES];
        const { output } = await Program.reading(mounted.path, offset, length).ended;
        assert(output.equals(large.origin.subarray(offset, offset + length)));
      });
      await Promise.all(parts);
      assert.deepEqual(
        [...mounted.misses].sort((a, b) => a - b),
        wrong,
      );
      await mounted.close();
    } finally {
      await large.close();
    }
  });

  it('has the mark of a chunk that was never there dropped', async () => {
    await image.forgetBoot();
    await flip('record', RECORD.marks + 1, 2);
    assert.deepEqual(await readAll(), { damaged: 1, misses: missing() });
  });

  it('has a chunk fetched again whose mark is lost', async () => {
    await image.forgetBoot();
    await flip('record', RECORD.marks, 2);
    assert.deepEqual(await readAll(), { damaged: 0, misses: missing() + 1 });
  });

  for (const [what, offset] of [
    ['magic', 0],
    ['version', RECORD.version],
    ['identity', RECORD.identity],
    ['unused part', 3000],
    ['checksum', 4095],
  ] as const) {
    it(`is started anew when a bit of its header’s ${what} is flipped`, async () => {
      await flip('record', offset, 64);
      assert.deepEqual(await readAll(), { damaged: 0, misses: image.chunks });
      assert.deepEqual(await readAll(), { damaged: 0, misses: 0 });
    });
  }

  for (const bytes of [0, 100, 4096, RECORD.checksums, RECORD.checksums + 4095]) {
    it(`is started anew when it was cut to ${String(bytes)} bytes`, async () => {
      await truncate(image.path('record'), bytes);
      assert.deepEqual(await readAll(), { damaged: 0, misses: image.chunks });
    });
  }

  it('is started anew, without the old data, for another image', async () => {
    const mounted = await image.mount({
      identity: Buffer.alloc(32, 'other'),
      onMiss: () => undefined,
    });
    assert.deepEqual(await marksIn(image, 'record'), []);
    assert.deepEqual(await marksIn(image, 'live'), []);
    assert((await readFile(image.path('data'))).equals(Buffer.alloc(image.origin.length)));
    assert.equal(mounted.statistics.chunksPresent, 0);
    await mounted.close();
  });

  it('is not started anew under the hands of who uses it', async () => {
    const user = await image.mount();
    const other = { identity: Buffer.alloc(32, 'other') };
    await assert.rejects(image.mount(other), { code: 'store-unusable', detail: /in use/ });
    assert((await user.readAll()).equals(image.origin));
    assert.equal(user.statistics.damaged, 0);
    await user.close();
    const next = await image.mount(other);
    assert.equal(next.statistics.chunksPresent, 0);
  });

  it('is left as it is while it cannot be read', async () => {
    assert.equal(await foundBy(image, 'fail-read'), 'store-unusable');
    assert.deepEqual(await readAll(), { damaged: 0, misses: missing() });
  });

  it('has what is beyond the end of cut data fetched again', async () => {
    await truncate(image.path('data'), 2 * CHUNK_BYTES + 100);
    assert.deepEqual(await readAll(), { damaged: 3, misses: missing() + 3 });
    assert.deepEqual(await readAll(), { damaged: 0, misses: 0 });
  });

  it('copies nothing damaged when a block is written in part', async () => {
    await flip('data', 3 * CHUNK_BYTES + 77, 16);
    const mounted = await image.mount();
    const file = await open(mounted.path, 'r+');
    await file.write(Buffer.from('new'), 0, 3, 3 * CHUNK_BYTES + 100);
    await file.close();
    const expected = Buffer.from(image.origin);
    expected.write('new', 3 * CHUNK_BYTES + 100);
    assert((await mounted.readAll()).equals(expected));
    assert.equal(mounted.statistics.damaged, 1);
  });

  it('is refused, and left as it is, when a newer version made it', async () => {
    const header = (await readFile(image.path('record'))).subarray(0, 4096);
    const newer = Buffer.from(header);
    newer.writeUInt32LE(2, RECORD.version);
    newer.writeBigUInt64LE(await xxh3(newer.subarray(0, 4088), image.folder), 4088);
    const record = await open(image.path('record'), 'r+');
    await record.write(newer, 0, newer.length, 0);
    await record.close();
    const before = await readFile(image.path('data'));
    await assert.rejects(image.mount(), (error: unknown) => {
      assert(error instanceof Error && 'code' in error && error.code === 'store-newer');
      assert(error.message.includes(image.folder), error.message);
      return true;
    });
    assert((await readFile(image.path('data'))).equals(before));
  });

  describe('whose live file', () => {
    it('is garbage is made again from the durable one', async () => {
      await writeFile(image.path('live'), Buffer.alloc(50_000, 0xa5));
      assert.deepEqual(await readAll(), { damaged: 0, misses: missing() });
    });

    it('marks too much has that dropped', async () => {
      await flip('live', LIVE.marks, 0x60);
      assert.deepEqual(await readAll(), { damaged: 2, misses: missing() });
    });

    for (const bytes of [0, 10, 4096, LIVE.marks]) {
      it(`was cut to ${String(bytes)} bytes ends no process`, async () => {
        await truncate(image.path('live'), bytes);
        assert.deepEqual(await readAll(), { damaged: 0, misses: missing() });
        assert((await stat(image.path('live'))).size > LIVE.marks);
      });
    }

    it('is of another boot is not believed', async () => {
      await flip('live', LIVE.marks, 0x60);
      await flip('live', LIVE.boot, 1);
      assert.deepEqual(await readAll(), { damaged: 0, misses: missing() });
    });
  });
});
