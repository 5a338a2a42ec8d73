import assert from 'node:assert/strict';
import { CHUNK_BYTES, flatLayout } from '../../../src/core/image/index.js';
import { systemClock } from '../../../src/core/paging/clock.js';
import { PagedImage } from '../../../src/core/paging/paged-image.js';
import { PartialChunks } from '../../../src/core/paging/partial-chunks.js';
import { Transfer } from '../../../src/core/paging/transfer.js';
import { WantedCount } from '../../../src/core/paging/wanted-count.js';

const PAGE = 4096;

describe('Chunks that are half there', () => {
  let image: PagedImage;
  let partial: PartialChunks;
  let dropped: number[];

  beforeEach(() => {
    const layout = flatLayout({ offset: 0, length: 400 * CHUNK_BYTES });
    image = new PagedImage('disk', layout, systemClock, new WantedCount());
    dropped = [];
    partial = new PartialChunks(({ chunk }) => {
      dropped.push(chunk);
      image.remove(chunk);
    });
  });

  /** A reader wants a page in the middle of a chunk, and it is asked for. */
  function ask(chunk: number): void {
    const begin = image.rangeOf(chunk).begin + 10 * PAGE;
    const range = { begin, end: begin + PAGE };
    const pending = image.want(chunk, range);
    image.assign(new Transfer(image, range, true));
    partial.add(pending);
  }

  function receive(chunk: number): void {
    const begin = image.rangeOf(chunk).begin + 10 * PAGE;
    image.received({ begin, end: begin + PAGE });
  }

  it('are 256 at most: the oldest go, but none of which something is on its way', () => {
    for (let chunk = 0; chunk < 256; chunk++) ask(chunk);
    for (let chunk = 3; chunk < 256; chunk++) receive(chunk);
    assert.deepEqual(dropped, []);
    ask(300);
    assert.deepEqual(dropped, [3]);
    receive(0);
    ask(301);
    ask(302);
    assert.deepEqual(dropped, [3, 0, 4]);
  });

  it('go on with the oldest, first behind what is there, then before it', () => {
    ask(7);
    ask(5);
    const { begin, end } = image.rangeOf(7);
    const take = (bytes: number): readonly [number, number] | null => {
      const next = partial.next(bytes);
      if (next === null) return null;
      const { range } = next;
      image.assign(new Transfer(image, range, true));
      return [range.begin, range.end];
    };
    assert.equal(take(20_000), null);
    assert.deepEqual(take(70_000), [begin + 11 * PAGE, begin + 11 * PAGE + 65_536]);
    assert.deepEqual(take(70_000), [begin + 11 * PAGE + 65_536, end]);
    assert.deepEqual(take(70_000), [begin, begin + 10 * PAGE]);
    assert.deepEqual(take(1_000_000), [image.rangeOf(5).begin + 11 * PAGE, image.rangeOf(5).end]);
    image.remove(5);
    assert.equal(take(1_000_000), null);
  });
});
