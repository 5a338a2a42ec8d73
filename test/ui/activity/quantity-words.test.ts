import assert from 'node:assert/strict';
import {
  millisecondsWords,
  percentWords,
  rateWords,
  sizeWords,
} from '../../../src/ui/activity/quantity-words.js';

describe('quantities in words', () => {
  it('are said with a decimal only where it matters', () => {
    const sizes = [0, 999, 1000, 1999, 34_300_000, 812e6, 1.25e9, 2e15].map(sizeWords);
    const words = ['0 bytes', '999 bytes', '1 kB', '1.9 kB', '34 MB', '812 MB', '1.2 GB'];
    assert.deepEqual(sizes, [...words, '2,000 TB']);
    assert.equal(rateWords(3_760_000), '3.7 MB/s');
    assert.deepEqual([0.37, 31.9].map(millisecondsWords), ['0.3 ms', '31 ms']);
  });

  it('are never said to be more than they are', () => {
    const shares = [0, 0.0012, 0.0999, 0.5, 0.9999, 1].map(percentWords);
    assert.deepEqual(shares, ['0%', '0.1%', '9.9%', '50%', '99%', '100%']);
  });
});
