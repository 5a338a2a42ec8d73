import assert from 'node:assert/strict';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ChunkStore } from '../../../src/core/store/index.js';
import { until } from '../../support/wait.js';
import { fetchInto, withMount } from './fetch-into.js';
import { imageNumber, TestStore } from './test-store.js';

const CHUNK = 131_072;
/** The last of its 20 chunks has 1000 bytes. */
const description = imageNumber(1, 19 * CHUNK + 1000);

describe('how much of an image is kept', function () {
  this.timeout(20_000);
  let place: TestStore;
  let store: ChunkStore;
  const target = () => join(place.folder, 'mount');

  beforeEach(async () => {
    place = new TestStore();
    store = await place.open();
  });

  afterEach(() => place[Symbol.asyncDispose]());

  it('is counted in chunks that are whole, while it is used and afterwards', async () => {
    const { cacheDirectory } = place;
    const lasting = await ChunkStore.open({
      ...{ cacheDirectory, runtimeDirectory: null, limitBytes: null },
    });
    const image = await store.openImage(description);
    assert.equal(await store.cachedBytes(description), 0);
    await withMount(image, target(), async (mount) => {
      const expected = 3 * CHUNK + 1000;
      await mount.deliver('disk', 0, Buffer.alloc(2 * CHUNK, 1));
      await mount.deliver('disk', 9 * CHUNK, Buffer.alloc(CHUNK, 2));
      await mount.deliver('disk', 12 * CHUNK, Buffer.alloc(1000, 3));
      await mount.deliver('disk', 19 * CHUNK, Buffer.alloc(1000, 4));
      const now = () => store.cachedBytes(description);
      await until('all is stored', async () => (await now()) === expected);
      await mount.sync();
      assert.equal(await lasting.cachedBytes(description), expected);
      await mount.forgetAll('disk');
      assert.equal(await now(), 0);
      await mount.deliver('disk', 19 * CHUNK, Buffer.alloc(1000, 4));
      await until('it is stored', async () => (await now()) === 1000);
    });
    await image.close();
    for (const each of [store, lasting]) {
      assert.equal(await each.cachedBytes(description), 1000);
      assert.deepEqual(
        (await each.list()).map(({ cachedBytes }) => cachedBytes),
        [1000],
      );
    }
    await lasting.close();
  });

  it('is all of it when all chunks are there', async () => {
    const image = await store.openImage(description);
    const bytes = Buffer.alloc(description.sizeBytes, 5);
    await fetchInto(image, target(), [{ offset: 0, bytes }]);
    await image.close();
    assert.equal(await store.cachedBytes(description), description.sizeBytes);
  });

  it('is not told by a live file of another boot, or of another record', async () => {
    const image = await store.openImage(description);
    const bytes = Buffer.alloc(CHUNK, 5);
    await withMount(image, target(), async (mount) => {
      await mount.deliver('disk', 0, bytes);
      const now = () => store.cachedBytes(description);
      await until('it is stored', async () => (await now()) === CHUNK);
      await mount.sync();
      const live = await readFile(place.livePath(description));
      // Says that everything is there.
      const lying = Buffer.concat([live.subarray(0, 36_864), Buffer.alloc(4096, 0xff)]);
      // Not cut short meanwhile: it is mapped.
      const replace = async (bytes: Buffer) => {
        const file = await open(place.livePath(description), 'r+');
        await file.write(bytes, 0, bytes.length, 0);
        await file.close();
      };
      const tell = async (offset: number) => {
        const header = Buffer.from(lying);
        header.writeUInt8(header.readUInt8(offset) ^ 1, offset);
        await replace(header);
        return store.cachedBytes(description);
      };
      for (const [what, offset] of Object.entries({
        ...{ magic: 0, version: 8, boot: 16, generation: 32, size: 48, chunk: 56 },
      })) {
        assert.equal(await tell(offset), CHUNK, what);
      }
      // Any byte that is not looked at: the lie is believed, so the others were the reason.
      assert.equal(await tell(4000), description.sizeBytes);
      await replace(live);
    });
    await image.close();
    assert.equal(await store.cachedBytes(description), CHUNK);
  });

  it('is nothing where the record cannot be understood', async () => {
    const image = await store.openImage(description);
    await fetchInto(image, target(), [{ offset: 0, bytes: Buffer.alloc(CHUNK, 5) }]);
    await image.close();
    const path = place.path(description, 'record');
    const record = await readFile(path);
    for (const text of [Buffer.alloc(0), record.subarray(0, 4095), Buffer.alloc(record.length)]) {
      await writeFile(path, text);
      assert.equal(await store.cachedBytes(description), 0);
    }
    await writeFile(path, record.subarray(0, 4096));
    assert.equal(await store.cachedBytes(description), 0);
    await writeFile(path, record);
    assert.equal(await store.cachedBytes(description), CHUNK);
    assert.equal(await store.cachedBytes({ ...description, chunkBytes: 65_536 }), 0);
  });
});
