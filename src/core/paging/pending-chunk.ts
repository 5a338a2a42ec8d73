import { Intervals, overlap, type Interval } from './intervals.js';
import type { PagedImage } from './paged-image.js';
import type { Transfer } from './transfer.js';

/** Bytes that a reader waits for. */
interface Wait extends Interval {
  /** In the clock's milliseconds. */
  readonly since: number;
}

/** A chunk that is not whole and of which something is asked for, or is to be. Offsets are in the image. */
export class PendingChunk {
  readonly image: PagedImage;
  readonly chunk: number;
  /** What brings it, or has brought a part of it. */
  readonly transfers = new Set<Transfer>();
  /** What has not come. */
  readonly missing: Intervals;
  /** What nobody brings so far: a part of what is missing. */
  readonly unasked: Intervals;
  #waits: readonly Wait[] = [];

  constructor(image: PagedImage, chunk: number) {
    this.image = image;
    this.chunk = chunk;
    this.missing = new Intervals(image.rangeOf(chunk));
    this.unasked = new Intervals(image.rangeOf(chunk));
  }

  /** Something of it has come or is on its way: then it is claimed, too. */
  get isBegun(): boolean {
    return this.transfers.size > 0;
  }

  /** All that was asked for has come. */
  get isAtRest(): boolean {
    return this.missing.size === this.unasked.size;
  }

  /** Whether a reader waits for a part of it. */
  get isAwaited(): boolean {
    return this.#waits.length > 0;
  }

  wait(wait: Wait): void {
    if (this.missing.firstIn(wait) !== null) this.#waits = [...this.#waits, wait];
  }

  /** Since when a reader waits for something in a range that is still to come; null: nobody does. */
  awaitedSince(range: Interval): number | null {
    const waits = this.#waits.filter((wait) => overlap(wait, range));
    return waits.length === 0 ? null : Math.min(...waits.map(({ since }) => since));
  }

  /** Something came. */
  received(range: Interval): void {
    this.missing.remove(range);
    this.#waits = this.#waits.filter((wait) => this.missing.firstIn(wait) !== null);
  }
}
