import type { Clock } from './clock.js';

/** Busy time that makes one measurement, in milliseconds. */
const SPAN = 250;
/** How much the newest measurement of the speed counts. */
const WEIGHT = 0.5;
/** The latency is the shortest that was seen, but a link may become slower: how much a longer one counts. */
const DRIFT = 0.02;
/** Before the speed is known, in bytes. */
const FIRST_ROOM = 1024 * 1024;
/** How long somebody may wait behind what others asked for, on top of a round trip, in milliseconds. */
const QUEUE = 200;

/** What is known of the way to the source. */
export class Link {
  readonly #clock: Clock;
  #busy = false;
  #since = 0;
  #milliseconds = 0;
  #bytes = 0;
  #bytesPerMillisecond: number | null = null;
  #latency = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * How many bytes may be under way so that the link is full and nobody waits long behind them. While
   * there are fewer, the speed is measured too low, but never so low that this would not grow: it
   * allows for twice the round trip.
   */
  get room(): number {
    return this.#bytesPerMillisecond === null
      ? FIRST_ROOM
      : this.#bytesPerMillisecond * (2 * this.#latency + QUEUE);
  }

  /** How long so many bytes take, in milliseconds; infinitely long before the speed is known. */
  timeFor(bytes: number): number {
    return this.#bytesPerMillisecond === null ? Infinity : bytes / this.#bytesPerMillisecond;
  }

  /** The first bytes of an answer came so many milliseconds after it was asked for. */
  answered(milliseconds: number): void {
    const longer = milliseconds - this.#latency;
    this.#latency += longer > 0 && this.#latency > 0 ? DRIFT * longer : longer;
  }

  /** Bytes came in. */
  add(bytes: number): void {
    this.#bytes += bytes;
  }

  /** A request began or ended; `busy`: something is asked for from now on. */
  update(busy: boolean): void {
    const now = this.#clock.now();
    if (this.#busy) this.#milliseconds += now - this.#since;
    this.#since = now;
    this.#busy = busy;
    if (this.#milliseconds < SPAN) return;
    const measured = this.#bytes / this.#milliseconds;
    const before = this.#bytesPerMillisecond ?? measured;
    this.#bytesPerMillisecond = before + WEIGHT * (measured - before);
    this.#milliseconds = 0;
    this.#bytes = 0;
  }
}
