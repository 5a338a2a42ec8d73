import assert from 'node:assert/strict';
import { parseSize } from '../../../src/core/settings/index.js';

describe('a size', () => {
  for (const [text, bytes] of [
    ['1', 1],
    ['5368709120', 5_368_709_120],
    ['20G', 20 * 2 ** 30],
    ['20g', 20 * 2 ** 30],
    ['20 GiB', 20 * 2 ** 30],
    ['20GB', 20e9],
    ['1.5T', 1.5 * 2 ** 40],
    ['64K', 65_536],
    ['64kB', 64_000],
    ['3M', 3 * 2 ** 20],
    ['10 b', 10],
    ['0.5K', 512],
    ['7P', 7 * 2 ** 50],
    ['9007199254740991', 2 ** 53 - 1],
  ] as const) {
    it(`of ${text} is ${bytes} bytes`, () => {
      assert.equal(parseSize(text), bytes);
    });
  }

  it('is refused where it is none, nothing, or more than can be counted', () => {
    for (const text of [
      ...['', '0', '0G', '-1', '+1', '1e9', '0x10', '.5G', '5.', '1,5G', 'G', '1 X', '1Gi', '1iB'],
      ...['1  G', ' 1G', '1G ', '1G\n', '٣G', '0.1', '8P', '9007199254740992', '9'.repeat(400)],
      ...['constructor', '1constructor', '1__proto__', 'NaN', 'Infinity'],
    ]) {
      assert.equal(parseSize(text), null, JSON.stringify(text));
    }
  });
});
