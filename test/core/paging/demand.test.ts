import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHUNK_BYTES } from '../../../src/core/image/index.js';
import { seeded } from '../../support/random.js';
import { until } from '../../support/wait.js';
import { disk, DISK_BYTES, memory, PagedPackage, type Ask } from './paged-package.js';

const at = (chunk: number, offset = 0): number => chunk * CHUNK_BYTES + offset;

describe('What readers wait for', () => {
  it('comes right, to many readers at random places, and nothing is asked for twice', async () => {
    await using paged = (await PagedPackage.open()).attach();
    const seed = Date.now() % 2 ** 31;
    const random = seeded(seed);
    const reader = async (): Promise<void> => {
      for (let reads = 0; reads < 60; reads++) {
        const length = 1 + Math.floor(random() * 20_000);
        const offset = Math.floor(random() * (DISK_BYTES - length));
        const bytes = await paged.read(offset, length);
        assert.ok(bytes.equals(disk.subarray(offset, offset + length)), `seed ${seed}: ${offset}`);
      }
    };
    await Promise.all([reader(), reader(), reader(), reader()]);
    await paged.pager.settle();
    assert.equal(paged.askedTwice, 0, `seed ${seed}`);
    assert.deepEqual([paged.failures, paged.network, paged.mount.failed], [[], [], []]);
  });

  it('comes from each image’s own place, the last chunk shorter than the others', async () => {
    await using paged = (await PagedPackage.open()).attach();
    const last = at(128);
    assert.deepEqual(await paged.read(last, 5), disk.subarray(last));
    assert.deepEqual(await paged.mount.read('memory', 0, memory.length), Buffer.from(memory));
    await paged.pager.settle();
    assert.equal(paged.pager.statistics().chunksFetched, 5);
    assert.equal(paged.pager.statistics().bytesDelivered, memory.length + 5);
  });

  it('is asked for from its page on, and the beginning of the chunk after that', async () => {
    const asks: Ask[] = [];
    await using paged = (
      await PagedPackage.open((ask) => {
        asks.push(ask);
        // The beginning does not come yet.
        if (ask.begin % CHUNK_BYTES !== 0) ask.send();
      })
    ).attach();
    const bytes = await paged.read(at(5, 70_000), 100);
    assert.ok(bytes.equals(disk.subarray(at(5, 70_000), at(5, 70_100))));
    await until('the second request', () => asks.length === 2);
    assert.deepEqual(paged.asked, [
      [at(5, 69_632), at(6)],
      [at(5), at(5, 69_632)],
    ]);
    // The reader has what he wanted.
    await paged.pager.settle();
    assert.equal(paged.mount.isPresent('disk', 5), false);
    asks[1]?.send();
    await paged.quiet();
    assert.ok(paged.mount.isPresent('disk', 5));
  });

  it('is one request where it is at the beginning of a chunk', async () => {
    await using paged = (await PagedPackage.open()).attach();
    await paged.read(at(7, 1000), 100);
    await paged.pager.settle();
    assert.deepEqual(paged.asked, [[at(7), at(8)]]);
  });

  it('is fetched with eight requests at a time; what then waits is joined to ranges', async () => {
    const asks: Ask[] = [];
    await using paged = (await PagedPackage.open((ask) => asks.push(ask))).attach();
    const reads = [];
    for (let chunk = 0; chunk < 80; chunk += 10) reads.push(paged.read(at(chunk), 1));
    for (const chunk of [103, 102, 101, 5]) reads.push(paged.read(at(chunk), 1));
    await until('eight requests', () => asks.length === 8);
    await sleep(50);
    assert.equal(asks.length, 8);
    asks[0]?.send();
    await until('one more', () => asks.length === 9);
    assert.deepEqual(paged.asked[8], [at(103), at(104)]);
    asks[1]?.send();
    await until('one more', () => asks.length === 10);
    assert.deepEqual(paged.asked[9], [at(102), at(103)]);
    for (const ask of asks.slice(2)) ask.send();
    await until('the rest', () => asks.length === 12);
    for (const ask of asks.slice(10)) ask.send();
    await Promise.all(reads);
    assert.equal(paged.askedTwice, 0);
  });

  it('is asked for though it was missed before there was a mount', async () => {
    await using paged = await PagedPackage.open();
    const reading = paged.read(at(3), 10);
    paged.attach();
    assert.ok((await reading).equals(disk.subarray(at(3), at(3, 10))));
  });

  it('comes no faster than it is stored', async () => {
    await using paged = (await PagedPackage.open()).attach();
    let release = (): void => undefined;
    paged.mount.backPressure = new Promise((resolve) => (release = resolve));
    const reading = paged.read(at(9), CHUNK_BYTES);
    await until('the first bytes', () => paged.pager.statistics().bytesDelivered > 0);
    await sleep(50);
    assert.ok(paged.pager.statistics().bytesDelivered < CHUNK_BYTES);
    release();
    assert.ok((await reading).equals(disk.subarray(at(9), at(10))));
  });

  it('is given up when the pager is stopped, and whatever is missed later', async () => {
    await using paged = (await PagedPackage.open(() => undefined)).attach();
    const reading = paged.read(at(1), 1);
    const settling = paged.pager.settle();
    paged.pager.stop();
    await assert.rejects(reading, /EIO/);
    await settling;
    await assert.rejects(paged.read(at(2), 1), /EIO/);
    assert.deepEqual(paged.mount.failed, ['disk 1', 'disk 2']);
    assert.equal(paged.mount.claimed.size, 0);
    assert.deepEqual(paged.failures, []);
  });
});
