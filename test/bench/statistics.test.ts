import assert from 'node:assert/strict';
import { spread } from '../../bench/statistics.js';

describe('what several runs gave', () => {
  it('is told by its median, its ends and their number, in whatever order it came', () => {
    assert.deepEqual(spread([9, 1, 10, 2, 5]), { median: 5, min: 1, max: 10, runs: 5 });
    assert.deepEqual(spread([100, 20]), { median: 60, min: 20, max: 100, runs: 2 });
    assert.deepEqual(spread([3]), { median: 3, min: 3, max: 3, runs: 1 });
  });

  it('cannot be told where there is nothing', () => {
    assert.throws(() => spread([]), RangeError);
  });
});
