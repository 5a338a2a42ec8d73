import type { Interval } from './intervals.js';
import type { PendingChunk } from './pending-chunk.js';

/** They are in memory, 32 MiB at most, and other processes do not fetch them. */
const MOST = 256;
/** Nothing smaller is worth a request of its own, unless it is all there is. */
export const LEAST_BYTES = 32 * 1024;

/** Chunks of which readers had what they wanted, and the rest is still to be asked for. */
export class PartialChunks {
  readonly #chunks = new Set<PendingChunk>();
  readonly #onDropped: (chunk: PendingChunk) => void;

  /** @param onDropped called for the oldest one when there are too many */
  constructor(onDropped: (chunk: PendingChunk) => void) {
    this.#onDropped = onDropped;
  }

  get size(): number {
    return this.#chunks.size;
  }

  /** A part of it was asked for. */
  add(chunk: PendingChunk): void {
    this.#chunks.add(chunk);
    if (this.#chunks.size > MOST) this.#drop();
  }

  /**
   * What is to be asked for next, of the oldest one; of it, what lies behind the wanted bytes comes
   * first. Null: there is nothing, or so few bytes are not worth a request.
   *
   * @param bytes about so many at most
   */
  next(bytes: number): { readonly chunk: PendingChunk; readonly range: Interval } | null {
    for (const chunk of this.#chunks) {
      const { last } = chunk.unasked;
      if (last === null || !isPending(chunk)) {
        this.#chunks.delete(chunk);
        continue;
      }
      const { begin, end } = last;
      if (end - begin <= bytes) return { chunk, range: last };
      const part = bytes - (bytes % LEAST_BYTES);
      return part > 0 ? { chunk, range: { begin, end: Math.min(begin + part, end) } } : null;
    }
    return null;
  }

  clear(): void {
    this.#chunks.clear();
  }

  #drop(): void {
    for (const chunk of this.#chunks) {
      const { unasked, isAtRest, isAwaited } = chunk;
      const isPartial = isPending(chunk) && !unasked.isEmpty;
      if (isPartial && (!isAtRest || isAwaited)) continue;
      this.#chunks.delete(chunk);
      if (isPartial) this.#onDropped(chunk);
      if (this.#chunks.size <= MOST) return;
    }
  }
}

function isPending(chunk: PendingChunk): boolean {
  return chunk.image.pending.get(chunk.chunk) === chunk;
}
