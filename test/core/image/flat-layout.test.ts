import assert from 'node:assert/strict';
import { CHUNK_BYTES, flatLayout } from '../../../src/core/image/index.js';

describe('flatLayout', () => {
  it('cuts an image into chunks of 128 KiB, the last one shorter', () => {
    const layout = flatLayout({ offset: 1000, length: 2 * CHUNK_BYTES + 5 });
    assert.equal(layout.chunkBytes, 131_072);
    assert.equal(layout.sizeBytes, 262_149);
    assert.equal(layout.chunkCount, 3);
    assert.deepEqual(layout.range(0), { offset: 1000, length: 131_072 });
    assert.deepEqual(layout.range(2), { offset: 1000 + 262_144, length: 5 });
  });

  it('ends with a whole chunk where the size fits', () => {
    const layout = flatLayout({ offset: 0, length: 2 * CHUNK_BYTES });
    assert.equal(layout.chunkCount, 2);
    assert.deepEqual(layout.range(1), { offset: CHUNK_BYTES, length: CHUNK_BYTES });
  });

  it('has no chunk outside of the image', () => {
    const layout = flatLayout({ offset: 0, length: 1 });
    for (const chunk of [-1, 1, 0.5, Number.NaN]) {
      assert.throws(() => layout.range(chunk), RangeError);
    }
    assert.equal(flatLayout({ offset: 0, length: 0 }).chunkCount, 0);
  });
});
