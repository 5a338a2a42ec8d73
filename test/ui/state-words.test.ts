import assert from 'node:assert/strict';
import { fail } from '../../src/core/errors/index.js';
import { startedFromDisk, waitingForNetwork } from '../../src/ui/state-words.js';

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

describe('what is said about memory that a machine was not started with', () => {
  it('is what happened and what was done about it, without the advice to do that', () => {
    for (const error of [
      fail('memory-malformed', { reason: 'its header is too short' }),
      fail('memory-refused', { reason: 'it is compressed in an unknown way' }),
      fail('memory-other-machine', { what: 'processor' }),
      fail('memory-damaged', { reason: 'it ends too early' }),
      fail('memory-too-large', { most: '1 GiB' }),
      fail('memory-type-missing', { type: 'pc-i440fx-2.1' }),
    ]) {
      const words = startedFromDisk(error);
      assert.equal(words, `${error.message} The machine was started from its disk instead.`);
    }
  });

  it('names the memory and keeps the advice where a program is missing', () => {
    assert.equal(
      startedFromDisk(fail('host-program-missing', { program: 'lzop', package: 'lzop' })),
      'The machine’s saved memory could not be loaded. The program lzop is not installed. ' +
        'The machine was started from its disk instead. ' +
        'Install the package “lzop” of your distribution.',
    );
  });
});
