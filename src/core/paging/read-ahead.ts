import type { Run, TakeRun } from './paged-image.js';

/** How far a window grows, in bytes. */
const LARGEST_WINDOW_BYTES = 8 * 1024 * 1024;
/** A reader is heard of twice in a window, and at least each so many bytes: then as many are asked for. */
const MARK_BYTES = 1024 * 1024;
/** Readers of one image that are followed at the same time. */
const STREAMS = 4;
/** The kernel sends the requests of one reader by several threads: they overtake each other. */
const DISORDER_CHUNKS = 2;

/** Somebody who reads an image from front to back. */
interface Stream {
  /** The last chunk that was read. */
  position: number;
  /** What is to be there when it is read: chunks before `end`; those before `next` are asked for. */
  next: number;
  end: number;
  windowChunks: number;
}

/** Follows those who read one image in sequence, and says what they will need next. */
export class ReadAhead {
  readonly #chunkCount: number;
  readonly #largestWindow: number;
  readonly #markStep: number;
  /** The one that was heard of last comes first. */
  readonly #streams: Stream[] = [];

  constructor(image: { readonly chunkBytes: number; readonly chunkCount: number }) {
    this.#chunkCount = image.chunkCount;
    this.#largestWindow = Math.max(1, LARGEST_WINDOW_BYTES / image.chunkBytes);
    this.#markStep = Math.max(1, MARK_BYTES / image.chunkBytes);
  }

  /**
   * Somebody reads a chunk.
   *
   * @param mark called for chunks whose reading is to be told
   * @returns whether it is part of a run
   */
  access(chunk: number, mark: (chunk: number) => void): boolean {
    const index = this.#streams.findIndex(
      ({ position, end }) =>
        chunk >= position - DISORDER_CHUNKS &&
        chunk <= Math.max(position, end - 1) + DISORDER_CHUNKS,
    );
    const [stream] = index === -1 ? [] : this.#streams.splice(index, 1);
    if (stream === undefined) {
      this.#streams.unshift({ position: chunk, next: chunk + 1, end: chunk + 1, windowChunks: 0 });
      if (this.#streams.length > STREAMS) this.#streams.pop();
      return false;
    }
    this.#streams.unshift(stream);
    if (chunk > stream.position) this.#advance(stream, chunk, mark);
    return stream.windowChunks > 0;
  }

  /** Takes what is needed next, of the newest run first; null: there is enough for all. */
  next(take: TakeRun): Run | null {
    for (const stream of this.#streams) {
      if (stream.next >= stream.end) continue;
      const run = take(stream.next, stream.end);
      stream.next = run === null ? stream.end : run.first + run.count;
      if (run !== null) return run;
    }
    return null;
  }

  /** Nobody is followed any more. */
  forget(): void {
    this.#streams.length = 0;
  }

  #advance(stream: Stream, chunk: number, mark: (chunk: number) => void): void {
    stream.position = chunk;
    stream.windowChunks = Math.min(Math.max(1, 2 * stream.windowChunks), this.#largestWindow);
    stream.next = Math.max(stream.next, chunk + 1);
    const from = Math.max(stream.end, chunk + 1);
    const end = Math.min(chunk + 1 + stream.windowChunks, this.#chunkCount);
    if (end <= from) return;
    stream.end = end;
    const step = Math.min(Math.max(1, stream.windowChunks / 2), this.#markStep);
    for (let next = Math.ceil(from / step) * step; next < end; next += step) mark(next);
  }
}
