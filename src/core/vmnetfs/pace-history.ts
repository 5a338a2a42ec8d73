import type { RoundTrips } from '../paging/index.js';

/** What the way to the package was like during a second. */
export interface PaceSample {
  /** What came over the network, with all that surrounds the chunks. */
  readonly bytesPerSecond: number;
  /** How long answers took to begin, on average; null where none began. */
  readonly roundTripMilliseconds: number | null;
}

/** Numbers that count from the beginning on. */
export interface PaceCounters {
  readonly bytesReceived: number;
  readonly roundTrips: RoundTrips;
}

/** How many seconds are remembered for whoever begins to look. */
export const PACE_SECONDS = 300;

/** Remembers the pace of the last minutes: one sample for each time that it is told the counters. */
export class PaceHistory {
  #samples: PaceSample[] = [];
  /** How many of the newest samples were not taken yet. */
  #fresh = 0;
  #before: PaceCounters = { bytesReceived: 0, roundTrips: { count: 0, milliseconds: 0 } };
  #since: number;

  /** @param now in milliseconds, as in {@link add} */
  constructor(now: number) {
    this.#since = now;
  }

  /** Another second has passed, or about that. */
  add(now: number, counters: PaceCounters): void {
    const { bytesReceived, roundTrips } = this.#before;
    const seconds = (now - this.#since) / 1000;
    const answers = counters.roundTrips.count - roundTrips.count;
    const waited = counters.roundTrips.milliseconds - roundTrips.milliseconds;
    this.#samples.push({
      bytesPerSecond: (counters.bytesReceived - bytesReceived) / seconds,
      roundTripMilliseconds: answers === 0 ? null : waited / answers,
    });
    this.#samples = this.#samples.slice(-PACE_SECONDS);
    this.#fresh = Math.min(this.#fresh + 1, PACE_SECONDS);
    this.#before = counters;
    this.#since = now;
  }

  /** The samples since the last call, the oldest first; `anew`: all that are remembered. */
  take(anew: boolean): readonly PaceSample[] {
    const taken = this.#samples.slice(anew ? 0 : this.#samples.length - this.#fresh);
    this.#fresh = 0;
    return taken;
  }
}
