import type { FlatLayout } from '../image/index.js';
import type { Clock } from './clock.js';
import type { Interval } from './intervals.js';
import type { PagedMount } from './paged-mount.js';
import { PendingChunk } from './pending-chunk.js';
import type { Transfer } from './transfer.js';
import type { WantedCount } from './wanted-count.js';

/** Chunks that follow one another. */
export interface Run {
  readonly first: number;
  readonly count: number;
}

/** Claims the first chunks of `[first, end)` that nobody fetches yet; null: there are none. */
export type TakeRun = (first: number, end: number) => Run | null;

/** An image and what of it is under way. */
export class PagedImage {
  readonly name: string;
  readonly layout: FlatLayout;
  readonly pending = new Map<number, PendingChunk>();
  readonly #clock: Clock;
  readonly #wanted: WantedCount;
  #chunksFetched = 0;

  constructor(name: string, layout: FlatLayout, clock: Clock, wanted: WantedCount) {
    this.name = name;
    this.layout = layout;
    this.#clock = clock;
    this.#wanted = wanted;
  }

  get chunksFetched(): number {
    return this.#chunksFetched;
  }

  /** Where the image's bytes begin in the source. */
  get offsetInSource(): number {
    return this.layout.range(0).offset;
  }

  /** Where a chunk lies in the image. */
  rangeOf(chunk: number): Interval {
    const begin = chunk * this.layout.chunkBytes;
    return { begin, end: Math.min(begin + this.layout.chunkBytes, this.layout.sizeBytes) };
  }

  /**
   * Claims the first chunks of `[first, end)` that are to be fetched, at most `most`, and only such
   * as follow one another.
   */
  takeRun(mount: PagedMount, first: number, end: number, most: number): Run | null {
    for (let from = first; from < end; from++) {
      let count = 0;
      while (count < most && from + count < end && this.#isMissing(mount, from + count)) count++;
      const claimed = count === 0 ? 0 : mount.claim(this.name, from, count);
      if (claimed > 0) return { first: from, count: claimed };
    }
    return null;
  }

  /** A reader waits for a part of the chunk from now on. */
  want(chunk: number, { begin, end }: Interval): PendingChunk {
    const pending = this.#pendingAt(chunk);
    this.#counted(pending, () => {
      pending.wait({ begin, end, since: this.#clock.now() });
    });
    return pending;
  }

  /** A transfer brings what it is for from now on. */
  assign(transfer: Transfer): void {
    for (const chunk of transfer.chunks()) {
      const pending = this.#pendingAt(chunk);
      pending.transfers.add(transfer);
      pending.unasked.remove(transfer.rest);
    }
  }

  /** Bytes were delivered. Those of chunks that are not under way are of no account. */
  received(range: Interval): void {
    const { chunkBytes } = this.layout;
    for (
      let chunk = Math.floor(range.begin / chunkBytes);
      chunk * chunkBytes < range.end;
      chunk++
    ) {
      const pending = this.pending.get(chunk);
      if (pending === undefined) continue;
      this.#counted(pending, () => {
        pending.received(range);
      });
      if (pending.missing.isEmpty) this.#whole(chunk);
    }
  }

  /** The chunk is not under way any more: it is there, or nobody brings it. */
  remove(chunk: number): void {
    const pending = this.pending.get(chunk);
    if (pending === undefined) return;
    this.pending.delete(chunk);
    if (pending.isAwaited) this.#wanted.remove();
  }

  /** A change after which a reader may wait for the chunk, or no longer. */
  #counted(pending: PendingChunk, change: () => void): void {
    if (pending.isAwaited) this.#wanted.remove();
    change();
    if (pending.isAwaited) this.#wanted.add();
  }

  #pendingAt(chunk: number): PendingChunk {
    const pending = this.pending.get(chunk) ?? new PendingChunk(this, chunk);
    this.pending.set(chunk, pending);
    return pending;
  }

  #whole(chunk: number): void {
    this.#chunksFetched++;
    this.remove(chunk);
  }

  #isMissing(mount: PagedMount, chunk: number): boolean {
    return !this.pending.has(chunk) && !mount.isPresent(this.name, chunk);
  }
}
