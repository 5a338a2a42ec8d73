import type { Clock } from './clock.js';

/** How much makes one measurement of the speed: so many bytes, or so many milliseconds. */
const SPAN_BYTES = 1024 * 1024;
const SPAN_MILLISECONDS = 250;
/** The first measurement takes fewer, for what is asked for before it is known may be too much. */
const FIRST_SPAN_BYTES = 256 * 1024;
/** How much the newest measurement of the speed counts. */
const WEIGHT = 0.5;
/** The latency is the shortest that was seen, but a link may become slower: how much a longer one counts. */
const DRIFT = 0.02;
/** Before the speed is known, in bytes. */
const FIRST_ROOM = 1024 * 1024;
/**
 * How long somebody may wait behind what others asked for, on top of a round trip, in milliseconds.
 * Ranges share the link: what is under way beyond the next one delays it.
 */
const QUEUE = 80;
/** While nobody waits, so many milliseconds of the link may be taken, however short the way is. */
const LEAST_LATENCY = 2;
/** What comes in this part of the latency makes no difference to who waits. */
const FREE = 0.02;

/** How long answers have taken to begin, from the beginning on. */
export interface RoundTrips {
  readonly count: number;
  /** All of them together. */
  readonly milliseconds: number;
}

/** What is known of the way to the source. */
export class Link {
  readonly #clock: Clock;
  /** Answers that come in at the moment. */
  #answers = 0;
  #since = 0;
  #milliseconds = 0;
  #bytes = 0;
  #bytesPerMillisecond: number | null = null;
  #latency = 0;
  #roundTrips: RoundTrips = { count: 0, milliseconds: 0 };
  /**
   * When the other end has sent all that was asked for, half a round trip later: what is asked for
   * next waits there until then.
   */
  #sentUntil = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get roundTrips(): RoundTrips {
    return this.#roundTrips;
  }

  /** How many bytes may be under way so that the link is full and nobody waits long behind them. */
  get room(): number {
    return this.#bytesPerMillisecond === null
      ? FIRST_ROOM
      : this.#bytesPerMillisecond * (2 * this.#latency + QUEUE);
  }

  /** How many bytes may be asked for instead of fewer, and it takes no longer to speak of. */
  get freeBytes(): number {
    return FREE * this.#latency * (this.#bytesPerMillisecond ?? 0);
  }

  /**
   * How many bytes that nobody waits for may be asked for now: any before the speed is known, for it
   * is found out so; when nobody waits, as many as fill the link; with one reader's request under
   * way, as many as delay the next one by half a round trip; with more, none.
   *
   * @param unanswered readers' requests that have brought nothing yet
   * @param underWay bytes that were asked for and have not come
   */
  spare(unanswered: number, underWay: number): number {
    const rate = this.#bytesPerMillisecond;
    if (rate === null) return Math.max(0, FIRST_ROOM - underWay);
    if (unanswered > 1) return 0;
    if (unanswered === 0) {
      return Math.max(0, rate * Math.max(this.#latency, LEAST_LATENCY) - underWay);
    }
    const queued = rate * Math.max(0, this.#sentUntil - this.#clock.now());
    return Math.max(0, (rate * this.#latency) / 2 - Math.min(queued, underWay));
  }

  /** How long so many bytes take, in milliseconds; infinitely long before the speed is known. */
  timeFor(bytes: number): number {
    return this.#bytesPerMillisecond === null ? Infinity : bytes / this.#bytesPerMillisecond;
  }

  /** So many bytes are asked for. */
  ask(bytes: number): void {
    this.#sentUntil = Math.max(this.#sentUntil, this.#clock.now());
    if (this.#bytesPerMillisecond !== null) this.#sentUntil += bytes / this.#bytesPerMillisecond;
  }

  /** The first bytes of an answer came, so many milliseconds after it was asked for. */
  begin(milliseconds: number, bytes: number): void {
    const { count, milliseconds: before } = this.#roundTrips;
    this.#roundTrips = { count: count + 1, milliseconds: before + milliseconds };
    const longer = milliseconds - this.#latency;
    this.#latency += longer > 0 && this.#latency > 0 ? DRIFT * longer : longer;
    // How long they took to come is not known, unless others came meanwhile.
    this.#pass(this.#answers > 0 ? bytes : 0);
    this.#answers++;
  }

  /** More bytes of an answer came. */
  add(bytes: number): void {
    this.#pass(bytes);
  }

  /** An answer that had begun has ended. */
  end(): void {
    this.#pass(0);
    this.#answers--;
  }

  /** Only the time counts in which something comes in: the speed does not depend on what is asked. */
  #pass(bytes: number): void {
    const now = this.#clock.now();
    if (this.#answers > 0) this.#milliseconds += now - this.#since;
    this.#since = now;
    this.#bytes += bytes;
    const span = this.#bytesPerMillisecond === null ? FIRST_SPAN_BYTES : SPAN_BYTES;
    if (this.#milliseconds < SPAN_MILLISECONDS && this.#bytes < span) return;
    if (this.#milliseconds === 0) return;
    const measured = this.#bytes / this.#milliseconds;
    const before = this.#bytesPerMillisecond ?? measured;
    this.#bytesPerMillisecond = before + WEIGHT * (measured - before);
    this.#milliseconds = 0;
    this.#bytes = 0;
  }
}
