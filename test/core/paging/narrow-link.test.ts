import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHUNK_BYTES } from '../../../src/core/image/index.js';
import { seeded } from '../../support/random.js';
import { until } from '../../support/wait.js';
import { disk, PagedPackage, type Ask } from './paged-package.js';

const PAGE = 4096;
const LINK = { roundTripMilliseconds: 20, bitsPerSecond: 100_000_000 };
/** Fetched first, so that the pager gets to know the link. */
const KNOWN_CHUNKS = 24;

const at = (chunk: number, offset = 0): number => chunk * CHUNK_BYTES + offset;
const sum = (ranges: readonly (readonly [number, number])[]): number =>
  ranges.reduce((bytes, [begin, end]) => bytes + end - begin, 0);

/**
 * What comes for nothing may come along. How much that is hangs on the link's speed, which a busy computer
 * measures too high; it is never the chunk.
 */
const MORE_THAN_A_PAGE = CHUNK_BYTES / 4;

describe('Random places over a narrow link', () => {
  /** Requests that are answered only when the test says so. */
  let held: Ask[] | null = null;
  /** Those that came before the random ones. */
  let known = 0;

  async function open(): Promise<PagedPackage> {
    held = null;
    const answer = (ask: Ask): void => {
      if (held === null) ask.send();
      else held.push(ask);
    };
    const paged = (await PagedPackage.open(answer, {}, LINK)).attach();
    const chunks = [...Array(KNOWN_CHUNKS).keys()];
    paged.pager.prefetch(chunks.map((chunk) => ({ image: 'disk', chunk })));
    await until('what is fetched first', () =>
      chunks.every((chunk) => paged.mount.isPresent('disk', chunk)),
    );
    known = paged.asked.length;
    return paged;
  }

  const readPage = async (paged: PagedPackage, offset: number): Promise<void> => {
    const bytes = await paged.read(offset, PAGE);
    assert.ok(bytes.equals(disk.subarray(offset, offset + PAGE)), `at ${offset}`);
  };

  it('come a few pages at a time to many readers, the rest of the chunks after that', async () => {
    await using paged = await open();
    const seed = Date.now() % 2 ** 31;
    const random = seeded(seed);
    const chunks = [...Array(64).keys()].map((index) => 64 + index);
    let left = chunks.length;
    let asked = 0;
    const reader = async (): Promise<void> => {
      for (let chunk = chunks.pop(); chunk !== undefined; chunk = chunks.pop()) {
        await readPage(paged, at(chunk, PAGE * Math.floor(random() * 32)));
        // With fewer left than readers there is capacity to spare.
        if (--left === 8) asked = sum(paged.asked.slice(known));
      }
    };
    await Promise.all([...Array(8).keys()].map(reader));
    // Whole chunks would be twice as much. A computer that is late with everything gets some of the
    // rest while it should be reading on.
    assert.ok(asked < 56 * 64 * 1024, `seed ${seed}: ${asked} bytes for 56 pages`);
    await paged.quiet();
    for (let chunk = 64; chunk < 128; chunk++) {
      assert.ok(paged.mount.isPresent('disk', chunk), `seed ${seed}: chunk ${chunk}`);
    }
    assert.equal(paged.askedTwice, 0, `seed ${seed}`);
  });

  it('bring a single reader the rest of the chunk in the time until he reads on', async () => {
    await using paged = await open();
    const times: number[] = [];
    for (const chunk of [90, 70, 121, 104, 83, 98, 75]) {
      const begin = performance.now();
      await readPage(paged, at(chunk, 17 * PAGE));
      times.push(performance.now() - begin);
    }
    await paged.quiet();
    assert.equal(sum(paged.asked.slice(known)), 7 * CHUNK_BYTES);
    assert.ok(paged.asked.length - known <= 21, String(paged.asked.slice(known)));
    // Behind the rest of the chunk before, each would come 5 ms later.
    const median = times.sort((one, other) => one - other)[3] ?? Infinity;
    assert.ok(median < 45, `${times.join()} ms`);
  });

  it('are asked for page by page in a chunk that is half there, and a run as a whole', async () => {
    await using paged = await open();
    const asks: Ask[] = [];
    held = asks;
    const pages: Promise<void>[] = [];
    const miss = async (offset: number): Promise<Ask> => {
      const before = asks.length;
      pages.push(readPage(paged, offset));
      await until(`a request for ${offset}`, () => asks.length > before);
      const ask = asks.at(-1);
      assert.ok(ask?.begin === offset, `${ask?.begin} is not ${offset}`);
      return ask;
    };
    // Two that wait keep all that nobody waits for from being asked for.
    const waiting = [await miss(at(80)), await miss(at(90))];
    const first = await miss(at(100, 2 * PAGE));
    assert.ok(first.end - first.begin <= MORE_THAN_A_PAGE);
    first.send();
    await pages[2];
    const second = await miss(at(100, 20 * PAGE));
    assert.ok(second.end - second.begin <= MORE_THAN_A_PAGE);
    // On its way already.
    const same = readPage(paged, at(100, 20 * PAGE));
    await sleep(50);
    assert.equal(asks.at(-1), second);
    second.send();
    await Promise.all([pages[3], same]);
    const third = await miss(second.end);
    assert.equal(third.end, at(101));
    held = null;
    for (const ask of [...waiting, third]) ask.send();
    await Promise.all(pages);
    await paged.quiet();
    for (const chunk of [80, 90, 100]) assert.ok(paged.mount.isPresent('disk', chunk));
    assert.equal(paged.askedTwice, 0);
  });

  it('give up a chunk that is half there with its readers when the pager is stopped', async () => {
    await using paged = await open();
    const asks: Ask[] = [];
    held = asks;
    const reads = [80, 90, 100].map((chunk) => readPage(paged, at(chunk, PAGE)));
    await until('the requests', () => asks.length === 3);
    asks[2]?.send();
    await reads[2];
    paged.pager.stop();
    await assert.rejects(Promise.all(reads), /EIO/);
    await paged.quiet();
    assert.equal(paged.mount.claimed.has('disk 100'), false);
    assert.deepEqual(paged.mount.failed.sort(), ['disk 80', 'disk 90']);
  });
});
