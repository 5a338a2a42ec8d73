import assert from 'node:assert/strict';
import { graphTop, linesOf } from '../../../src/ui/activity/graph-scale.js';

const SIZE = { width: 100, height: 50 };

describe('the scale of a graph', () => {
  it('ends at a round number that no value is above', () => {
    const tops = [0, 7, 10, 10.5, 20, 21, 50, 51, 99_999].map((value) => graphTop([value], 5));
    assert.deepEqual(tops, [5, 10, 10, 20, 20, 50, 50, 100, 100_000]);
  });

  it('counts the highest value alone, and not what is unknown', () => {
    assert.equal(graphTop([3, null, 48, 12], 5), 50);
    assert.equal(graphTop([null], 5), 5);
  });
});

describe('the lines of a graph', () => {
  it('go from their time to now at the right edge, the higher the value is', () => {
    assert.deepEqual(linesOf([0, 5, 10], 5, 10, SIZE), [
      [
        { x: 50, y: 50 },
        { x: 75, y: 25 },
        { x: 100, y: 0 },
      ],
    ]);
  });

  it('end where a value is not known', () => {
    const lines = linesOf([1, null, null, 1, 1, null], 6, 1, SIZE);
    assert.deepEqual(
      lines.map((line) => line.map(({ x }) => Math.round(x))),
      [[0], [60, 80]],
    );
  });
});
