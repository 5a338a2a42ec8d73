import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHUNK_BYTES } from '../../../src/core/image/index.js';
import { until } from '../../support/wait.js';
import { disk, DISK_BYTES, DISK_CHUNKS, PagedPackage, type Ask } from './paged-package.js';

const at = (chunk: number): number => chunk * CHUNK_BYTES;

/** Reads chunks from `first` on, one after the other, in the kernel's pieces. */
async function readOn(paged: PagedPackage, first: number, count: number): Promise<void> {
  for (let chunk = first; chunk < first + count; chunk++) {
    const length = Math.min(CHUNK_BYTES, DISK_BYTES - at(chunk));
    const bytes = await paged.read(at(chunk), length);
    assert.ok(bytes.equals(disk.subarray(at(chunk), at(chunk) + length)), `chunk ${chunk}`);
  }
}

/** Requests as chunks: first, count. */
function asked(paged: PagedPackage): (readonly [number, number])[] {
  return paged.asked.map(([begin, end]) => {
    assert.equal(begin % CHUNK_BYTES, 0);
    return [begin / CHUNK_BYTES, Math.ceil((end - begin) / CHUNK_BYTES)];
  });
}

async function quiet(paged: PagedPackage): Promise<void> {
  let before = -1;
  await until('the end of all fetching', async () => {
    const { requests, bytesDelivered } = paged.pager.statistics();
    const now = requests + bytesDelivered;
    const same = now === before;
    before = now;
    await sleep(30);
    return same;
  });
}

describe('What is fetched ahead', () => {
  it('grows with the run of a reader, in ranges of up to 1 MiB, and nothing comes twice', async () => {
    await using paged = (await PagedPackage.open()).attach();
    await readOn(paged, 0, DISK_CHUNKS);
    await paged.pager.settle();
    assert.equal(paged.askedTwice, 0);
    const counts = asked(paged).map(([, count]) => count);
    assert.deepEqual(counts.slice(0, 4), [1, 1, 1, 2]);
    assert.equal(Math.max(...counts), 8);
    // Most of it in long ranges.
    assert.ok(counts.length < DISK_CHUNKS / 3, String(counts));
  });

  it('is less than 8 MiB ahead of the reader', async () => {
    await using paged = (await PagedPackage.open()).attach();
    await readOn(paged, 0, 30);
    await quiet(paged);
    const end = Math.max(...asked(paged).map(([first, count]) => first + count));
    assert.ok(end > 30 + 32 && end <= 30 + 64, `until ${end}`);
  });

  it('falls back when a reader jumps', async () => {
    await using paged = (await PagedPackage.open()).attach();
    await readOn(paged, 0, 8);
    await quiet(paged);
    const before = paged.asked.length;
    await readOn(paged, 100, 1);
    await quiet(paged);
    assert.deepEqual(asked(paged).slice(before), [[100, 1]]);
    await readOn(paged, 101, 2);
    await quiet(paged);
    assert.deepEqual(asked(paged).slice(before + 1), [
      [101, 1],
      [102, 1],
      [103, 2],
    ]);
  });

  it('serves readers of several places at the same time', async () => {
    await using paged = (await PagedPackage.open()).attach();
    await Promise.all([0, 32, 64, 96].map((first) => readOn(paged, first, 28)));
    await paged.pager.settle();
    assert.equal(paged.askedTwice, 0);
    assert.ok(paged.asked.length < 80, String(paged.asked.length));
  });

  it('is not led astray by reads that overtake each other', async () => {
    await using paged = (await PagedPackage.open()).attach();
    const order = [];
    for (let chunk = 0; chunk < 60; chunk += 2) order.push(chunk + 1, chunk);
    for (const chunk of order) await readOn(paged, chunk, 1);
    await paged.pager.settle();
    // One by one it would be 60; how far below depends on how fast the link seems to be.
    assert.ok(paged.asked.length < 40, String(asked(paged)));
  });

  it('does not begin for readers of random places', async () => {
    await using paged = (await PagedPackage.open()).attach();
    const places = [90, 13, 55, 2, 71, 34, 120, 45, 9, 101, 27, 63, 83];
    for (const chunk of places) await readOn(paged, chunk, 1);
    await quiet(paged);
    assert.deepEqual(
      asked(paged),
      places.map((chunk) => [chunk, 1]),
    );
  });

  it('leaves out what is there', async () => {
    await using paged = (await PagedPackage.open()).attach();
    await readOn(paged, 5, 1);
    await readOn(paged, 20, 1);
    await readOn(paged, 0, 30);
    await quiet(paged);
    assert.equal(paged.askedTwice, 0);
  });

  it('is the list of what is needed, in its order, neighbours in one range', async () => {
    await using paged = (await PagedPackage.open()).attach();
    const chunks = [40, 41, 42, 7, 90, 6, 91, 120, 40];
    paged.pager.prefetch(chunks.map((chunk) => ({ image: 'disk', chunk })));
    await quiet(paged);
    assert.deepEqual(asked(paged), [
      [40, 3],
      [7, 1],
      [90, 2],
      [6, 1],
      [120, 1],
    ]);
  });

  it('leaves one request to those who wait, and they come first', async () => {
    const asks: Ask[] = [];
    await using paged = (await PagedPackage.open((ask) => asks.push(ask))).attach();
    const chunks = [...Array(10).keys()].map((index) => 10 * index);
    paged.pager.prefetch(chunks.map((chunk) => ({ image: 'disk', chunk })));
    await until('seven requests', () => asks.length === 7);
    await sleep(50);
    assert.equal(asks.length, 7);
    const first = paged.read(at(95), 1);
    await until('the one that was kept', () => asks.length === 8);
    assert.deepEqual(asked(paged)[7], [95, 1]);
    const second = paged.read(at(105), 1);
    await sleep(50);
    asks[0]?.send();
    await until('another one', () => asks.length === 9);
    assert.deepEqual(asked(paged)[8], [105, 1]);
    for (const ask of asks.slice(1)) ask.send();
    await Promise.all([first, second]);
    await until('the rest', () => asks.length === 12);
    for (const ask of asks.slice(9)) ask.send();
    await quiet(paged);
    assert.equal(paged.askedTwice, 0);
  });

  it('becomes urgent when somebody waits for it, and is not asked for again', async () => {
    const asks: Ask[] = [];
    await using paged = (await PagedPackage.open((ask) => asks.push(ask))).attach();
    paged.pager.prefetch([{ image: 'disk', chunk: 3 }]);
    await until('the request', () => asks.length === 1);
    const reading = paged.read(at(3) + 50_000, 100);
    const settling = paged.pager.settle();
    await sleep(50);
    assert.equal(asks.length, 1);
    asks[0]?.send();
    await reading;
    await settling;
  });

  it('is nothing while what comes is not kept', async () => {
    await using paged = (await PagedPackage.open()).attach();
    paged.pager.setCaching(false);
    paged.pager.prefetch([{ image: 'disk', chunk: 100 }]);
    await readOn(paged, 0, 10);
    await quiet(paged);
    assert.deepEqual(
      asked(paged),
      [...Array(10).keys()].map((chunk) => [chunk, 1]),
    );
    paged.pager.setCaching(true);
    await quiet(paged);
    assert.deepEqual(asked(paged)[10], [100, 1]);
  });

  it('is all the rest if that is wanted, slowly', async () => {
    await using paged = (
      await PagedPackage.open(undefined, { idleBytesPerSecond: 40 * 1024 * 1024 })
    ).attach();
    const begin = performance.now();
    await until('the whole disk', () => paged.pager.statistics().chunksFetched === DISK_CHUNKS + 4);
    const milliseconds = performance.now() - begin;
    // 16 MiB, of which the last one may come at once.
    assert.ok(milliseconds > 350, `${milliseconds} ms`);
    assert.equal(paged.askedTwice, 0);
  });
});
