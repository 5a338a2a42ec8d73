import assert from 'node:assert/strict';
import { CHUNK_STATE } from '../../../src/core/chunkfs/index.js';
import { CHUNK_KINDS } from '../../../src/ui/activity/chunk-kind.js';
import { ChunkMap } from '../../../src/ui/activity/chunk-map.js';
import { fetchedWords, mapWords } from '../../../src/ui/activity/chunk-words.js';

const { present, touched, modified, presentAtMount } = CHUNK_STATE;

function kindAt(map: ChunkMap, chunk: number): string | undefined {
  return CHUNK_KINDS[map.rankAt(chunk)];
}

describe('the map of an image', () => {
  it('has all chunks missing at first', () => {
    const map = new ChunkMap(5);
    assert.deepEqual(
      [0, 4].map((chunk) => kindAt(map, chunk)),
      ['missing', 'missing'],
    );
    assert.deepEqual([map.kinds().missing, map.shareHere], [5, 0]);
  });

  const KINDS: readonly (readonly [state: number, kind: string])[] = [
    [present | presentAtMount, 'before'],
    [present, 'ahead'],
    [present | touched, 'read'],
    [present | presentAtMount | touched, 'read'],
    // It is not kept, and was there for whoever read it.
    [touched, 'read'],
    [modified, 'written'],
    [present | modified, 'written'],
    [present | touched | modified, 'both'],
    // It was damaged, and will be fetched again.
    [presentAtMount, 'missing'],
  ];
  for (const [state, kind] of KINDS) {
    it(`says “${kind}” of a chunk of state ${state}`, () => {
      const map = new ChunkMap(3);
      map.apply(Uint32Array.of(1, 1, state));
      assert.equal(kindAt(map, 1), kind);
    });
  }

  it('counts what changes back and forth', () => {
    const map = new ChunkMap(10);
    map.apply(Uint32Array.of(0, 4, present, 6, 2, modified));
    map.apply(Uint32Array.of(2, 5, present | touched));
    map.apply(Uint32Array.of(0, 1, 0));
    const kinds = { missing: 3, before: 0, ahead: 1, read: 5, written: 1, both: 0 };
    assert.deepEqual(map.kinds(), kinds);
    assert.equal(map.shareHere, 0.6);
  });

  it('has room for nothing beyond its end', () => {
    const map = new ChunkMap(4);
    map.apply(Uint32Array.of(2, 9, present));
    assert.deepEqual([map.kinds().ahead, map.kinds().missing], [2, 2]);
  });

  it('says in words what is to be seen', () => {
    const map = new ChunkMap(2000);
    map.apply(Uint32Array.of(0, 1500, present | presentAtMount, 3, 7, present | touched));
    map.apply(Uint32Array.of(1999, 1, modified));
    assert.equal(fetchedWords(map, 262_144_000), '75% of 262 MB fetched');
    assert.equal(
      mapWords(map),
      'The image has 2,000 chunks. 499 are not fetched. 1,493 were fetched before. ' +
        '7 were read. 1 was written.',
    );
  });
});
