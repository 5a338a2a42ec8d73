import type { FlatLayout } from '../image/index.js';
import type { Clock } from './clock.js';
import type { PagedMount } from './paged-mount.js';
import type { Transfer } from './transfer.js';
import type { WantedCount } from './wanted-count.js';

/** Chunks that follow one another. */
export interface Run {
  readonly first: number;
  readonly count: number;
}

/** Claims the first chunks of `[first, end)` that nobody fetches yet; null: there are none. */
export type TakeRun = (first: number, end: number) => Run | null;

/** A chunk that is asked for and not whole yet. */
export interface PendingChunk {
  missingBytes: number;
  /** Since when a reader waits for it, in the clock's milliseconds; null: nobody does. */
  wantedSince: number | null;
  /** What brings it; nothing while it is still to be asked for. */
  transfers: readonly Transfer[];
}

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

  /** The end of a chunk as an offset in the image. */
  endOf(chunk: number): number {
    return Math.min((chunk + 1) * this.layout.chunkBytes, this.layout.sizeBytes);
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

  /** A reader waits for the chunk from now on. */
  want(chunk: number): PendingChunk {
    const pending = this.pending.get(chunk) ?? this.#begin(chunk);
    if (pending.wantedSince === null) {
      pending.wantedSince = this.#clock.now();
      this.#wanted.add();
    }
    return pending;
  }

  /** The chunks are brought by these from now on. */
  assign(run: Run, transfers: readonly Transfer[]): void {
    for (let chunk = run.first; chunk < run.first + run.count; chunk++) {
      (this.pending.get(chunk) ?? this.#begin(chunk)).transfers = transfers;
    }
  }

  /** Bytes were delivered. Those of chunks that are not under way are of no account. */
  received(offset: number, length: number): void {
    const { chunkBytes } = this.layout;
    const end = offset + length;
    for (let at = offset; at < end;) {
      const chunk = Math.floor(at / chunkBytes);
      const stop = Math.min((chunk + 1) * chunkBytes, end);
      const pending = this.pending.get(chunk);
      if (pending !== undefined) {
        pending.missingBytes -= stop - at;
        if (pending.missingBytes === 0) this.#whole(chunk);
      }
      at = stop;
    }
  }

  /** The chunk is not under way any more: it is there, or nobody brings it. */
  remove(chunk: number): void {
    const pending = this.pending.get(chunk);
    if (pending === undefined) return;
    this.pending.delete(chunk);
    if (pending.wantedSince !== null) this.#wanted.remove();
  }

  #begin(chunk: number): PendingChunk {
    const { length } = this.layout.range(chunk);
    const pending: PendingChunk = { missingBytes: length, wantedSince: null, transfers: [] };
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
