import type { Interval } from './intervals.js';
import type { PendingChunk } from './pending-chunk.js';

/** They are in memory, 32 MiB at most, and other processes do not fetch them. */
const MOST = 256;
/** Nothing smaller is worth a request of its own. */
const LEAST_BYTES = 16 * 1024;

/** Chunks of which readers had what they wanted, and the rest is still to be asked for. */
export class PartialChunks {
  readonly #chunks = new Set<PendingChunk>();
  readonly #onDropped: (chunk: PendingChunk) => void;

  /** @param onDropped called for the oldest one when there are too many */
  constructor(onDropped: (chunk: PendingChunk) => void) {
    this.#onDropped = onDropped;
  }

  /** A part of it was asked for. */
  add(chunk: PendingChunk): void {
    this.#chunks.add(chunk);
    if (this.#chunks.size > MOST) this.#drop();
  }

  /**
   * What is to be asked for next of the oldest one: what lies behind the wanted bytes comes first.
   *
   * @param bytes about so many at most, but never less than are worth a request
   */
  next(bytes: number): { readonly chunk: PendingChunk; readonly range: Interval } | null {
    for (const chunk of this.#chunks) {
      const { last } = chunk.unasked;
      if (last === null || !isPending(chunk)) {
        this.#chunks.delete(chunk);
        continue;
      }
      const { begin } = last;
      const most = Math.max(bytes, LEAST_BYTES);
      const rest = last.end - begin - most;
      const end = rest < LEAST_BYTES ? last.end : begin + most - (most % LEAST_BYTES);
      return { chunk, range: { begin, end } };
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
