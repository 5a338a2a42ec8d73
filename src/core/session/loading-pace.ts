/** Until so much time has passed since the first bytes, nobody knows, in milliseconds. */
const FIRST_LOOK = 2000;
/** How fast earlier times are forgotten: they count 1/e after so long, in milliseconds. */
const MEMORY = 8000;
/** Nothing for so long, in milliseconds, and for so many usual gaps, is a standstill. */
const LONG_GAP = 3000;
const MANY_GAPS = 4;

/**
 * Tells how long the rest of something takes at the pace of the last seconds. Has no clock of its own.
 *
 * A standstill counts only as long as it takes to notice it: when the network is back, the pace is
 * about what it was.
 */
export class LoadingPace {
  readonly #total: number;
  /** When there was more than before for the first and for the last time, and how much. */
  #first: number | null = null;
  #last = 0;
  #done = 0;
  /** Sums over the steps after the first, of which the earlier weigh less. */
  #bytes = 0;
  #milliseconds = 0;
  #steps = 0;

  /** @param total bytes */
  constructor(total: number) {
    this.#total = total;
  }

  /**
   * Takes note of how much is done. Returns the seconds that are left, finite and 0 or more; null
   * while they are unknown: in the first 2 s, and while nothing goes on.
   *
   * @param now monotonic milliseconds
   * @param done bytes, 0 to the total; fewer than before are no progress
   */
  at(now: number, done: number): number | null {
    if (done > this.#done) this.#goOn(now, done);
    if (this.#done >= this.#total) return 0;
    const known = this.#first !== null && this.#steps > 0 && now - this.#first >= FIRST_LOOK;
    if (!known || now - this.#last > this.#longestGap) return null;
    return ((this.#total - this.#done) * this.#milliseconds) / this.#bytes / 1000;
  }

  #goOn(now: number, done: number): void {
    // What came before the first bytes is no pace: it was spent on asking for them.
    if (this.#first === null) {
      this.#first = now;
    } else {
      const gap = Math.min(now - this.#last, this.#longestGap);
      const weight = Math.exp(-gap / MEMORY);
      this.#bytes = this.#bytes * weight + done - this.#done;
      this.#milliseconds = this.#milliseconds * weight + gap;
      this.#steps = this.#steps * weight + 1;
    }
    this.#last = now;
    this.#done = done;
  }

  /** In milliseconds: a slow link has long gaps, and does not stand still in them. */
  get #longestGap(): number {
    const usual = this.#steps === 0 ? 0 : this.#milliseconds / this.#steps;
    return Math.max(LONG_GAP, MANY_GAPS * usual);
  }
}
