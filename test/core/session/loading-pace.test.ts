import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LoadingPace } from '../../../src/core/session/loading-pace.js';

const MEGABYTE = 1_000_000;
const TOTAL = 160 * MEGABYTE;

/** Loads from where it stands, and has a clock of its own. */
class Loading {
  readonly pace = new LoadingPace(TOTAL);
  now = 5_000_000;
  done = 0;

  /** Goes on for so many seconds, looked at four times in each; the last answer. */
  go(seconds: number, bytesPerSecond: (second: number) => number): number | null {
    let left: number | null = null;
    for (let quarter = 0; quarter < 4 * seconds; quarter++) {
      this.now += 250;
      this.done += bytesPerSecond(quarter / 4) / 4;
      left = this.pace.at(this.now, this.done);
    }
    return left;
  }

  /** At its present speed, in megabytes a second. */
  secondsLeftAt(megabytes: number): number {
    return (TOTAL - this.done) / (megabytes * MEGABYTE);
  }
}

const at = (megabytes: number) => () => megabytes * MEGABYTE;

function assertNear(left: number | null, seconds: number, share = 0.1): void {
  assert.ok(
    left !== null && Math.abs(left - seconds) <= share * seconds,
    `${left}, not ${seconds}`,
  );
}

describe('the time that loading memory still takes', () => {
  it('is unknown in the first two seconds after the first bytes, however long those took', () => {
    const loading = new Loading();
    assert.equal(loading.go(30, at(0)), null);
    assert.equal(loading.go(2, at(4)), null);
    assertNear(loading.go(0.25, at(4)), loading.secondsLeftAt(4));
  });

  it('is what the pace says, and follows a link that changes', () => {
    const loading = new Loading();
    assertNear(loading.go(5, at(4)), loading.secondsLeftAt(4));
    assertNear(loading.go(20, at(1)), loading.secondsLeftAt(1), 0.35);
    assertNear(loading.go(20, at(2)), loading.secondsLeftAt(2), 0.15);
  });

  it('does not jump when data comes in fits', () => {
    const loading = new Loading();
    const fits = (second: number): number => (second % 1 === 0 ? 8 : 0) * MEGABYTE;
    loading.go(10, fits);
    let before = loading.go(1, fits);
    for (let second = 0; second < 20; second++) {
      const left = loading.go(1, fits);
      assert.ok(left !== null && before !== null && left < before, `${left} after ${before}`);
      assertNear(left, before - 1, 0.05);
      before = left;
    }
  });

  it('is unknown while nothing comes, and right again soon after that', () => {
    const loading = new Loading();
    loading.go(10, at(4));
    assert.notEqual(loading.go(2, at(0)), null);
    assert.equal(loading.go(60, at(0)), null);
    assertNear(loading.go(1, at(4)), loading.secondsLeftAt(4), 0.5);
    assertNear(loading.go(6, at(4)), loading.secondsLeftAt(4), 0.2);
  });

  it('is right soon after that also where the network went away at the first bytes', () => {
    const loading = new Loading();
    loading.go(0.5, at(4));
    assert.equal(loading.go(60, at(0)), null);
    assertNear(loading.go(6, at(4)), loading.secondsLeftAt(4), 0.3);
  });

  it('is known on a link so slow that seconds pass without a byte', () => {
    const loading = new Loading();
    const slow = (second: number): number => (second % 6 === 0 ? 4 : 0) * MEGABYTE;
    loading.go(36, slow);
    assertNear(loading.go(5, slow), loading.secondsLeftAt(1 / 6), 0.2);
  });

  it('is nothing at the end', () => {
    assert.equal(new LoadingPace(10).at(0, 10), 0);
    assert.equal(new LoadingPace(0).at(0, 0), 0);
  });

  it('is never negative or infinite, whatever it is told', () => {
    const told = fc.tuple(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 0, max: 2 * TOTAL }));
    fc.assert(
      fc.property(fc.array(told, { maxLength: 50 }), (steps) => {
        const pace = new LoadingPace(TOTAL);
        let now = 0;
        for (const [elapsed, done] of steps) {
          now += elapsed;
          const left = pace.at(now, done);
          assert.ok(left === null || (Number.isFinite(left) && left >= 0), String(left));
        }
      }),
    );
  });
});
