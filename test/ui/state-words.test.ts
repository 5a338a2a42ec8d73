import assert from 'node:assert/strict';
import { fail } from '../../src/core/errors/index.js';
import { waitingForNetwork } from '../../src/ui/state-words.js';

const NOW = new Date(2026, 10, 21, 14, 30).getTime();

describe('what is said about a network that is away', () => {
  const error = fail('network-unreachable', {});

  function said(since: Date, tries = 3): string {
    const state = { away: true, since: since.getTime(), tries, error } as const;
    return waitingForNetwork(state, NOW);
  }

  it('names the time of day, how often it was tried, and what is wrong', () => {
    const words = said(new Date(2026, 10, 21, 9, 5));
    assert.equal(words, `Waiting for the network since 09:05 (tried 3 times). ${error.message}`);
    assert.match(said(new Date(2026, 10, 21, 9, 5), 1), /since 09:05 \(tried once\)/);
  });

  it('names the day if that was another one, and the year', () => {
    assert.match(said(new Date(2026, 10, 20, 23, 59)), /since 23:59 on 20 November \(/);
    assert.match(said(new Date(2016, 10, 21, 14, 30)), /since 14:30 on 21 November 2016 \(/);
  });

  it('names no time that the clock, set back meanwhile, has still before it', () => {
    assert.match(
      said(new Date(2036, 10, 21, 14, 30)),
      /^Waiting for the network \(tried 3 times\)/,
    );
  });
});
