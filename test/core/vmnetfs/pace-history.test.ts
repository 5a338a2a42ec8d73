import assert from 'node:assert/strict';
import { PACE_SECONDS, PaceHistory } from '../../../src/core/vmnetfs/pace-history.js';

const counted = (bytesReceived: number, count = 0, milliseconds = 0) => ({
  bytesReceived,
  roundTrips: { count, milliseconds },
});

describe('the history of the pace', () => {
  it('tells of each second how much came, and how long answers took', () => {
    const history = new PaceHistory(5000);
    history.add(6000, counted(1000, 2, 60));
    history.add(8000, counted(5000, 2, 60));
    history.add(9000, counted(5000, 3, 160));
    assert.deepEqual(history.take(false), [
      { bytesPerSecond: 1000, roundTripMilliseconds: 30 },
      { bytesPerSecond: 2000, roundTripMilliseconds: null },
      { bytesPerSecond: 0, roundTripMilliseconds: 100 },
    ]);
  });

  it('tells each second once, but everything to whoever begins to look', () => {
    const history = new PaceHistory(0);
    const rates = (anew: boolean) => history.take(anew).map(({ bytesPerSecond }) => bytesPerSecond);
    history.add(1000, counted(1));
    assert.deepEqual(rates(false), [1]);
    assert.deepEqual(rates(false), []);
    history.add(2000, counted(3));
    assert.deepEqual(rates(true), [1, 2]);
    assert.deepEqual(rates(false), []);
  });

  it('forgets what is too long ago', () => {
    const history = new PaceHistory(0);
    for (let second = 1; second <= PACE_SECONDS + 7; second++) {
      history.add(second * 1000, counted((second * (second + 1)) / 2));
    }
    const taken = history.take(false);
    assert.equal(taken.length, PACE_SECONDS);
    assert.equal(taken[0]?.bytesPerSecond, 8);
    assert.deepEqual(history.take(true), taken);
  });
});
