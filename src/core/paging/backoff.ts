const FIRST_MILLISECONDS = 250;
/** Short enough that a machine goes on soon after the network is back. */
const LONGEST_MILLISECONDS = 5000;

/**
 * How long to wait before a fetch is tried again: exponential, with full jitter, so that those who
 * failed together do not come back together.
 *
 * @param tries that failed so far, at least 1
 * @param random in [0, 1)
 * @returns milliseconds in [0, 5000)
 */
export function backoff(tries: number, random: () => number): number {
  return random() * Math.min(LONGEST_MILLISECONDS, FIRST_MILLISECONDS * 2 ** (tries - 1));
}
