import assert from 'node:assert/strict';
import { formatSize } from '../../../src/core/text/index.js';

describe('formatSize', () => {
  it('takes the largest binary unit in which the size is at least 1', () => {
    const sizes: readonly (readonly [number, string])[] = [
      [0, '0 bytes'],
      [1023, '1023 bytes'],
      [1024, '1 KiB'],
      [1536 * 1024, '1.5 MiB'],
      [2 ** 40 - 2 ** 30, '1023 GiB'],
      [2 ** 51, '2048 TiB'],
    ];
    for (const [bytes, text] of sizes) assert.equal(formatSize(bytes), text);
  });
});
