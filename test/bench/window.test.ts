import assert from 'node:assert/strict';
import { OURS, type Result } from '../../bench/results.js';
import { aimsOf } from '../../bench/window/aims.js';
import { drawnBetween } from '../../bench/window/frames.js';
import { LATENCY, PLAIN } from '../../bench/window/latency.js';
import { OF_CONNECTIONS, OF_UPDATES } from '../../bench/window/memory.js';
import { FULL } from '../../bench/window/plan.js';
import { LOADED, REDRAWS } from '../../bench/window/redraws.js';

describe('the benchmark of the window', () => {
  it('counts what was drawn in a time, and finds when nothing was', () => {
    const times = [90, 100, 116, 133, 183, 200, 216];
    assert.deepEqual(drawnBetween(times, 100, 200), { framesPerSecond: 50, longestGap: 50 });
  });

  it('takes a window that draws nothing for one that stands still', () => {
    assert.deepEqual(drawnBetween([], 0, 500), { framesPerSecond: 0, longestGap: 500 });
  });

  /** Everything just as it should be, but for one row. */
  function missed(metric: string, subject: string, median: number): readonly string[] {
    const good: readonly (readonly [string, string, number])[] = [
      [REDRAWS, OURS, 50],
      [LATENCY, OURS, 25],
      [LATENCY, PLAIN, 5],
      [OF_UPDATES, OURS, 1],
      [OF_CONNECTIONS, OURS, 10],
    ];
    const results = good.map(([name, who, value]): Result => {
      const is = name === metric && who === subject ? median : value;
      const setting = name === REDRAWS ? LOADED : '';
      return { metric: name, setting, unit: 'ms', subject: who, median: is, min: is, max: is, runs: 1 }; // prettier-ignore
    });
    return aimsOf(results, FULL)
      .filter(({ holds }) => !holds)
      .map((aim) => aim.metric);
  }

  it('is content with a window that is just good enough', () => {
    assert.deepEqual(missed('', OURS, NaN), []);
  });

  for (const [metric, subject, median] of [
    [REDRAWS, OURS, 49.9],
    [LATENCY, OURS, 25.1],
    [LATENCY, PLAIN, 4.9],
    [OF_UPDATES, OURS, 1.1],
    [OF_CONNECTIONS, OURS, 10.1],
    [REDRAWS, OURS, NaN],
  ] as const) {
    it(`says that “${metric}” is missed at ${median} by ${subject}`, () => {
      assert.deepEqual(missed(metric, subject, median), [metric]);
    });
  }
});
