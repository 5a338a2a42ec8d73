import assert from 'node:assert/strict';
import { existsSync, fstatSync, readdirSync, writeSync } from 'node:fs';
import { readdir, readFile, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChunkStore } from '../../../src/core/store/index.js';
import { imageKey } from '../../../src/core/store/image-description.js';
import { seeded } from '../../support/random.js';
import { imageNumber, TestStore } from './test-store.js';

const MEBIBYTE = 2 ** 20;
const SMALL = 2 ** 16;

describe('the limit of the chunk store', function () {
  this.timeout(60_000);
  let place: TestStore;

  beforeEach(() => {
    place = new TestStore();
  });

  afterEach(() => place[Symbol.asyncDispose]());

  /** Stores an image, used at a time of its own: the smaller the number, the longer ago. */
  async function fill(store: ChunkStore, number: number, bytes = MEBIBYTE): Promise<void> {
    const image = await store.openImage(imageNumber(number, bytes));
    assert.equal(fstatSync(image.record).size, 0);
    writeSync(image.data, Buffer.alloc(bytes, number), 0, bytes, 0);
    writeSync(image.record, `record of ${number}`, 0);
    await image.close();
    const time = new Date(1_700_000_000_000 + 1000 * number);
    await utimes(place.path(imageNumber(number), 'used'), time, time);
  }

  const keyOf = (number: number) => imageKey(imageNumber(number));

  async function kept(store: ChunkStore): Promise<readonly string[]> {
    return (await store.list()).map(({ description }) => description.machineName).sort();
  }

  it('removes the least recently used images first, and no more than it must', async () => {
    const store = await place.open(2.5 * MEBIBYTE);
    for (const number of [3, 1, 4, 2]) await fill(store, number);
    const before = await store.enforceLimit();
    assert.deepEqual(before.evicted, [keyOf(1), keyOf(2)]);
    assert.equal(before.overLimit, false);
    assert.equal(before.limitBytes, 2.5 * MEBIBYTE);
    assert.ok(before.usedBytes >= 2 * MEBIBYTE && before.usedBytes < 2.1 * MEBIBYTE);
    assert.deepEqual(await kept(store), ['Machine 3', 'Machine 4']);
    assert.deepEqual((await readdir(join(place.cacheDirectory, 'images'))).length, 2);
    // One that is opened is used, whatever was before.
    await (await store.openImage(imageNumber(3, MEBIBYTE))).close();
    await fill(store, 5);
    assert.deepEqual((await store.enforceLimit()).evicted, [keyOf(4)]);
    assert.deepEqual((await store.enforceLimit()).evicted, []);
    assert.deepEqual(await kept(store), ['Machine 3', 'Machine 5']);
  });

  it('is a tenth of the file system, but at least 10 GiB, unless it is given', async () => {
    const store = await place.open();
    const { limitBytes, overLimit } = await store.enforceLimit();
    assert.ok(limitBytes >= 10 * 1024 * MEBIBYTE);
    assert.equal(overLimit, false);
    const small = await place.run(
      `const store = await ChunkStore.open({ ...options, cacheDirectory: '/mnt/cache' });
       say(String((await store.enforceLimit()).limitBytes));`,
      'mount -t tmpfs -o size=64m,mode=700 none /mnt',
    );
    assert.equal(Number(small), 10 * 1024 * MEBIBYTE);
    const large = await place.run(
      `const store = await ChunkStore.open({ ...options, cacheDirectory: '/mnt/cache' });
       say(String((await store.enforceLimit()).limitBytes));`,
      'mount -t tmpfs -o size=300g,mode=700 none /mnt',
    );
    assert.equal(Number(large), 30 * 1024 * MEBIBYTE);
  });

  it('never touches what another process uses, and says that the limit is exceeded', async () => {
    const store = await place.open(1);
    for (const number of [1, 2]) await fill(store, number);
    const child = await place.hold(imageNumber(1, MEBIBYTE));
    const report = await store.enforceLimit();
    assert.deepEqual(report.evicted, [keyOf(2)]);
    assert.equal(report.overLimit, true);
    assert.ok(report.usedBytes >= MEBIBYTE);
    const data = await readFile(place.path(imageNumber(1), 'data'));
    assert.ok(data.equals(Buffer.alloc(MEBIBYTE, 1)));
    assert.deepEqual(await store.remove([keyOf(1)]), {
      ...{ removed: [], freedBytes: 0, inUse: [keyOf(1)], pinned: [] },
    });
    await place.kill(child);
    assert.deepEqual((await store.enforceLimit()).evicted, [keyOf(1)]);
  });

  it('never touches what this process uses', async () => {
    const store = await place.open(1);
    const image = await store.openImage(imageNumber(1, MEBIBYTE));
    assert.deepEqual((await store.enforceLimit()).evicted, []);
    await image.close();
    assert.deepEqual((await store.enforceLimit()).evicted, [keyOf(1)]);
    assert.deepEqual(await readdir(join(place.runtimeDirectory, 'store')), []);
  });

  it('spares what is pinned; only who names it removes it', async () => {
    const store = await place.open(1);
    for (const number of [1, 2]) await fill(store, number);
    assert.equal(await store.setPinned(keyOf(1), true), true);
    assert.equal(await store.setPinned(keyOf(3), true), false);
    assert.deepEqual((await store.enforceLimit()).evicted, [keyOf(2)]);
    assert.deepEqual(
      (await store.list()).map(({ pinned }) => pinned),
      [true],
    );
    const cleared = await store.remove(null);
    assert.deepEqual([cleared.removed, cleared.pinned], [[], [keyOf(1)]]);
    await store.setPinned(keyOf(1), false);
    await store.setPinned(keyOf(1), true);
    const named = await store.remove([keyOf(1)]);
    assert.deepEqual(named.removed, [keyOf(1)]);
    assert.ok(named.freedBytes >= MEBIBYTE && named.freedBytes < 1.1 * MEBIBYTE);
    await fill(store, 1);
    assert.deepEqual((await store.enforceLimit()).evicted, [keyOf(1)]);
  });

  it('is kept by several processes at once without removing too much', async () => {
    const store = await place.open();
    const numbers = Array.from({ length: 12 }, (_, index) => index + 1);
    for (const number of numbers) await fill(store, number);
    const lines = `
      const store = await ChunkStore.open({ ...options, limitBytes: ${5.5 * MEBIBYTE} });
      say(JSON.stringify((await store.enforceLimit()).evicted));`;
    const said = await Promise.all([place.run(lines), place.run(lines), place.run(lines)]);
    const evicted = said.join().match(/[0-9a-f]{64}/g) ?? [];
    assert.deepEqual(evicted.toSorted(), numbers.slice(0, 7).map(keyOf).sort());
    assert.equal((await kept(store)).length, 5);
  });

  it('and pins never take an image from under who opens it at the same time', async () => {
    const evictor = await place.start(
      `
      const store = await ChunkStore.open(options);
      say('ready');
      for (;;) {
        await store.enforceLimit();
        for (const { key } of await store.list()) await store.setPinned(key, Math.random() < 0.3);
        for (const { key } of await store.list()) await store.setPinned(key, false);
      }`,
      1,
    );
    const store = await place.open();
    const end = performance.now() + 1500;
    let [opened, anew] = [0, 0];
    while (performance.now() < end) {
      const image = await store.openImage(imageNumber(1));
      anew += fstatSync(image.record).size === 0 ? 1 : 0;
      writeSync(image.record, 'record', 0);
      for (let look = 0; look < 3; look++) {
        const there = await stat(place.path(imageNumber(1), 'data'));
        assert.equal(there.ino, fstatSync(image.data).ino);
        await sleep(1);
      }
      await image.close();
      opened++;
    }
    await place.kill(evictor);
    assert.ok(opened > 20 && anew > 0, `${opened} ${anew}`);
  });

  it('leaves nothing wrong when its process is killed in the middle', async () => {
    const seed = Date.now() % 1_000_000;
    console.log(`      seed ${seed}`);
    const random = seeded(seed);
    const numbers = Array.from({ length: 6 }, (_, index) => index + 1);
    const images = join(place.cacheDirectory, 'images');
    const setAside = () => readdirSync(images).filter((name) => name.startsWith('.')).length;
    const before = await place.open();
    let inTheMiddle = 0;
    for (let tries = 0; inTheMiddle < 20; tries++) {
      assert.ok(tries < 60, `only ${inTheMiddle} of ${tries} were killed in the middle`);
      for (const number of numbers) {
        if (!existsSync(place.path(imageNumber(number)))) await fill(before, number, SMALL);
      }
      const child = await place.start(
        `
        const store = await ChunkStore.open(options);
        process.stdin.once('data', () => store.enforceLimit());
        say('ready');`,
        1,
      );
      // While images are being set aside, or while what was set aside is being removed.
      const moment = 1 + Math.floor(random() * numbers.length);
      const removing = random() < 0.5;
      child.stdin?.write('go');
      const end = performance.now() + 2000;
      while (setAside() < moment && performance.now() < end);
      if (removing) while (setAside() >= moment && performance.now() < end);
      await place.kill(child);
      if (setAside() > 0) inTheMiddle++;

      await place.open();
      for (const name of await readdir(images)) assert.match(name, /^[0-9a-f]{64}$/);
      for (const number of numbers) {
        const data = await readFile(place.path(imageNumber(number), 'data')).catch(() => null);
        // All of it, or nothing.
        if (data === null) continue;
        assert.ok(data.equals(Buffer.alloc(SMALL, number)));
        const record = await readFile(place.path(imageNumber(number), 'record'), 'utf8');
        assert.equal(record, `record of ${number}`);
      }
    }
  });
});
