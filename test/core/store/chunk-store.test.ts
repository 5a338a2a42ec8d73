import assert from 'node:assert/strict';
import { fstatSync, readSync, writeSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChunkStore } from '../../../src/core/store/index.js';
import { PackageUrl } from '../../../src/core/reference/index.js';
import { fetchInto } from './fetch-into.js';
import { imageNumber, TestStore } from './test-store.js';

describe('the chunk store', function () {
  this.timeout(20_000);
  let place: TestStore;

  beforeEach(() => {
    place = new TestStore();
  });

  afterEach(() => place[Symbol.asyncDispose]());

  async function filesBelow(folder: string): Promise<readonly string[]> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  }

  it('makes its folders and files for their owner alone, and marks them as a cache', async () => {
    const store = await place.open();
    const image = await store.openImage(imageNumber(1));
    const folders = [place.cacheDirectory, place.path(imageNumber(1)), place.runtimeDirectory];
    for (const folder of folders) assert.equal((await stat(folder)).mode & 0o777, 0o700, folder);
    const files = [...(await filesBelow(place.folder))];
    for (const file of files) assert.equal((await stat(file)).mode & 0o777, 0o600, file);
    assert.deepEqual((await readdir(place.path(imageNumber(1)))).sort(), [
      ...['data', 'image.json', 'lock', 'record', 'used'],
    ]);
    const tag = await readFile(join(place.cacheDirectory, 'CACHEDIR.TAG'), 'latin1');
    assert.equal(tag.slice(0, 43), 'Signature: 8a477f597d28d172789f06886806bc55');
    assert.equal(
      await readFile(join(place.cacheDirectory, 'store.json'), 'utf8'),
      '{"format":1}\n',
    );
    await image.close();
  });

  it('gives an image sparse data of its size, and an empty record and live file', async () => {
    const store = await place.open();
    const image = await store.openImage(imageNumber(1, 2 ** 40));
    assert.deepEqual(
      [fstatSync(image.data).size, fstatSync(image.data).blocks <= 8],
      [2 ** 40, true],
    );
    assert.equal(fstatSync(image.record).size, 0);
    assert.equal(fstatSync(image.live ?? -1).size, 0);
    assert.equal(image.identity.length, 32);
    assert.equal(image.identity.toString('hex'), image.key);
    await image.close();
  });

  it('works without a place for live files, and without being able to make one', async () => {
    const { cacheDirectory } = place;
    for (const runtimeDirectory of [null, '/proc/nowhere', '/dev/null']) {
      const store = await ChunkStore.open({ cacheDirectory, runtimeDirectory, limitBytes: null });
      const image = await store.openImage(imageNumber(1));
      assert.equal(image.live, null);
      await image.close();
      await store.close();
    }
  });

  it('finds an image again, whatever the query of its address', async () => {
    const urlOf = (text: string) => new PackageUrl(new URL(text)).label;
    const store = await place.open();
    const signed = (signature: string) => ({
      ...imageNumber(1),
      url: urlOf(`https://name:secret@example.org/a.nxpk?signature=${signature}#part`),
    });
    const first = await store.openImage(signed('first'));
    writeSync(first.data, 'fetched', 200_000);
    await first.close();
    const second = await store.openImage(signed('second'));
    const bytes = Buffer.alloc(7);
    readSync(second.data, bytes, 0, 7, 200_000);
    assert.equal(bytes.toString(), 'fetched');
    await second.close();
    for (const file of await filesBelow(place.folder)) {
      assert.doesNotMatch(file, /secret|signature|first/);
      if (!file.endsWith('/data')) {
        assert.doesNotMatch(await readFile(file, 'latin1'), /secret|signature|first|name:/);
      }
    }
  });

  it('keeps a changed package, another address, and another member apart', async () => {
    const store = await place.open();
    const one = imageNumber(1);
    const keys = new Set<string>();
    for (const other of [
      one,
      { ...one, directoryDigest: 'f'.repeat(64) },
      { ...one, url: 'https://example.org/machines/2.nxpk' },
      { ...one, url: 'http://example.org/machines/1.nxpk' },
      { ...one, member: 'memory.img' },
    ]) {
      const image = await store.openImage(other);
      keys.add(image.key);
      await image.close();
    }
    assert.equal(keys.size, 5);
    const renamed = await store.openImage({ ...one, machineName: 'Another name' });
    assert.ok(keys.has(renamed.key));
    assert.equal((await store.list()).length, 5);
    await renamed.close();
  });

  it('starts an image anew whose sizes are not what they were, unless it is in use', async () => {
    const store = await place.open();
    const first = await store.openImage(imageNumber(1));
    writeSync(first.data, 'fetched', 0);
    writeSync(first.record, 'record', 0);
    const other = { ...imageNumber(1), chunkBytes: 65_536 };
    await assert.rejects(store.openImage(other), { code: 'store-busy', retryable: true });
    await first.close();
    const second = await store.openImage(other);
    const bytes = Buffer.alloc(7);
    readSync(second.data, bytes, 0, 7, 0);
    assert.deepEqual(bytes, Buffer.alloc(7));
    assert.equal(fstatSync(second.record).size, 0);
    assert.deepEqual(await readdir(join(place.cacheDirectory, 'images')), [second.key]);
    await second.close();
  });

  it('gives two processes the same files, and the last one removes the live file', async () => {
    const child = await place.hold(imageNumber(1));
    const store = await place.open();
    const image = await store.openImage(imageNumber(1));
    image.allDurable();
    const { ino } = fstatSync(image.live ?? -1);
    assert.equal((await stat(place.livePath(imageNumber(1)))).ino, ino);
    await image.close();
    assert.equal((await stat(place.livePath(imageNumber(1)))).ino, ino);
    await place.kill(child);
    // It could not remove the file, which is newer than its record: whoever comes next uses it.
    const again = await store.openImage(imageNumber(1));
    assert.equal(fstatSync(again.live ?? -1).ino, ino);
    // Neither can this one, which does not know whether everything is in the record.
    await again.close();
    assert.equal((await stat(place.livePath(imageNumber(1)))).ino, ino);
    const last = await store.openImage(imageNumber(1));
    last.allDurable();
    await last.close();
    await last.close();
    await assert.rejects(stat(place.livePath(imageNumber(1))), { code: 'ENOENT' });
  });

  it('lets many open one image at the same time that is not there yet', async () => {
    const lines = `
      const store = await ChunkStore.open(options);
      const image = await store.openImage(${JSON.stringify(imageNumber(1))});
      const { fstatSync } = await import('node:fs');
      say(String(fstatSync(image.data).ino));
      await new Promise((resolve) => process.stdin.once('data', resolve));
      await image.close();
      process.exit();`;
    const store = await place.open();
    const [children, images] = await Promise.all([
      Promise.all([place.start(lines), place.start(lines), place.start(lines)]),
      Promise.all([1, 2, 3, 4].map(() => store.openImage(imageNumber(1)))),
    ]);
    const { ino } = await stat(place.path(imageNumber(1), 'data'));
    for (const image of images) assert.equal(fstatSync(image.data).ino, ino);
    assert.equal(new Set(images.map((image) => fstatSync(image.live ?? -1).ino)).size, 1);
    for (const child of children) {
      assert.equal(child.exitCode, null);
      await place.kill(child);
    }
    for (const image of images) await image.close();
  });

  it('remembers when an image was opened and closed', async () => {
    const store = await place.open();
    const lastUsed = async () => (await store.list())[0]?.lastUsed.getTime() ?? 0;
    const before = Date.now();
    const image = await store.openImage(imageNumber(1));
    const opened = await lastUsed();
    assert.ok(opened >= before - 1 && opened <= Date.now(), `${opened} ${before}`);
    await sleep(20);
    assert.equal(await lastUsed(), opened);
    await image.close();
    assert.ok((await lastUsed()) >= opened + 20);
  });

  it('lists what is there, the last used first, and changes nothing by looking', async () => {
    const { cacheDirectory, runtimeDirectory } = place;
    const options = { cacheDirectory, runtimeDirectory, limitBytes: null };
    assert.equal(await ChunkStore.find(options), null);
    assert.deepEqual(await readdir(place.folder), []);

    const store = await place.open();
    const old = await store.openImage(imageNumber(1));
    const bytes = Buffer.alloc(131_072, 1);
    await fetchInto(old, join(place.folder, 'mount'), [{ offset: 0, bytes }]);
    await old.close();
    await sleep(5);
    const current = await store.openImage(imageNumber(2));
    const found = await ChunkStore.find(options);
    assert.ok(found !== null);
    const [first, second, ...more] = await found.list();
    assert.ok(first !== undefined && second !== undefined && more.length === 0);
    assert.deepEqual(first.description, imageNumber(2));
    assert.deepEqual([first.inUse, first.cachedBytes], [true, 0]);
    assert.deepEqual(second.description, imageNumber(1));
    assert.deepEqual([second.inUse, second.pinned, second.verified], [false, false, false]);
    assert.equal(second.cachedBytes, 131_072);
    assert.ok(second.usedBytes >= 131_072 && second.usedBytes < 200_000);
    assert.equal(await found.cachedBytes(imageNumber(1)), 131_072);
    assert.equal(await found.cachedBytes(imageNumber(3)), 0);
    await found.close();
    await current.close();
    assert.equal((await store.list()).filter(({ inUse }) => inUse).length, 0);
  });

  it('refuses a store of a newer format, and leaves it as it is', async () => {
    await place.open();
    const mark = join(place.cacheDirectory, 'store.json');
    await writeFile(mark, '{"format":2,"more":true}');
    const newer = { code: 'store-newer', status: 69 };
    await assert.rejects(place.open(), newer);
    const { cacheDirectory } = place;
    const options = { cacheDirectory, runtimeDirectory: null, limitBytes: null };
    await assert.rejects(ChunkStore.find(options), newer);
    assert.equal(await readFile(mark, 'utf8'), '{"format":2,"more":true}');
  });

  it('writes again what a crash left unfinished', async () => {
    const store = await place.open();
    await (await store.openImage(imageNumber(1))).close();
    for (const text of ['', '{"for', '[]', 'null', '{"format":"1"}', '\0'.repeat(4096)]) {
      await writeFile(join(place.cacheDirectory, 'store.json'), text);
      await writeFile(join(place.cacheDirectory, 'store.json.new'), text);
      await writeFile(join(place.cacheDirectory, 'CACHEDIR.TAG'), text);
      await writeFile(place.path(imageNumber(1), 'image.json'), text);
      await writeFile(place.path(imageNumber(1), 'image.json.new'), text);
      const again = await place.open();
      assert.deepEqual(await again.list(), []);
      await (await again.openImage(imageNumber(1))).close();
      assert.equal((await again.list()).length, 1);
      const mark = await readFile(join(place.cacheDirectory, 'store.json'), 'utf8');
      assert.equal(mark, '{"format":1}\n');
      assert.ok((await stat(join(place.cacheDirectory, 'CACHEDIR.TAG'))).size > 43);
    }
  });

  it('goes on in an image whose data was cut short, at its full size', async () => {
    const store = await place.open();
    const image = await store.openImage(imageNumber(1));
    await image.close();
    await writeFile(place.path(imageNumber(1), 'data'), 'short');
    await writeFile(place.path(imageNumber(1), 'verified'), '');
    const again = await store.openImage(imageNumber(1));
    assert.equal(fstatSync(again.data).size, 1_000_000);
    await again.close();
    assert.equal((await store.list())[0]?.verified, false);
  });

  it('is not hurt when somebody removes it while an image is in use', async () => {
    const store = await place.open();
    const image = await store.openImage(imageNumber(1));
    await rm(place.cacheDirectory, { recursive: true });
    assert.equal(writeSync(image.data, 'fetched', 0), 7);
    await image.close();
    const other = await place.open();
    await (await other.openImage(imageNumber(1))).close();
    assert.equal((await other.list()).length, 1);
  });

  it('says so when there is no folder to be had', async () => {
    const cacheDirectory = '/proc/nowhere/vmnetx';
    const options = { cacheDirectory, runtimeDirectory: null, limitBytes: null };
    await assert.rejects(ChunkStore.open(options), { name: 'VmnetxError' });
    assert.equal(await ChunkStore.find(options), null);
    await mkdir(place.cacheDirectory);
  });
});
