import assert from 'node:assert/strict';
import { loadingWords } from '../../src/ui/loading-words.js';

const MEGABYTE = 1_000_000;

function sizes(done: number, total: number): string {
  return loadingWords({ done, total, secondsLeft: null });
}

function left(secondsLeft: number): string {
  const words = loadingWords({ done: 48 * MEGABYTE, total: 160 * MEGABYTE, secondsLeft });
  assert.ok(words.startsWith('48 MB of 160 MB — '), words);
  return words.slice('48 MB of 160 MB — '.length);
}

describe('what is said about memory that is being loaded', () => {
  it('is how much of it is there, in the unit of the whole, and never too much', () => {
    assert.equal(sizes(48 * MEGABYTE, 160 * MEGABYTE), '48 MB of 160 MB');
    assert.equal(sizes(1, 160 * MEGABYTE), '0 MB of 160 MB');
    assert.equal(sizes(160 * MEGABYTE - 1, 160 * MEGABYTE), '159 MB of 160 MB');
    assert.equal(sizes(950 * MEGABYTE, 1640 * MEGABYTE), '0.9 GB of 1.6 GB');
    assert.equal(sizes(999, 1000), '0 kB of 1 kB');
    assert.equal(sizes(0, 999), '0 bytes of 999 bytes');
    assert.equal(sizes(0, 0), '0 bytes of 0 bytes');
  });

  for (const [seconds, words] of [
    [0, 'a few seconds left'],
    [7.4, 'a few seconds left'],
    [7.5, 'about 10 seconds left'],
    [21, 'about 20 seconds left'],
    [57.4, 'about 55 seconds left'],
    [57.5, 'about a minute left'],
    [89, 'about a minute left'],
    [91, 'about 2 minutes left'],
    [180, 'about 3 minutes left'],
    [59.4 * 60, 'about 59 minutes left'],
    [59.5 * 60, 'about an hour left'],
    [3 * 3600, 'about 3 hours left'],
  ] as const) {
    it(`names the time as people do: ${seconds} s are ${words}`, () => {
      assert.equal(left(seconds), words);
    });
  }
});
