import type { StreamingSource } from '../range/index.js';
import type { Interval } from './intervals.js';
import type { PagedImage } from './paged-image.js';
import type { PagedMount } from './paged-mount.js';

/** An attempt that brought less has not come forward: a server may drop connections for ever. */
const PROGRESS_BYTES = 4096;

/**
 * One range of an image on its way from the source to the mount. What arrived stays; another
 * attempt goes on from there.
 */
export class Transfer {
  readonly image: PagedImage;
  readonly end: number;
  /** Of a chunk that a reader wanted, or for one who may come. */
  readonly forDemand: boolean;
  readonly #aborted = new AbortController();
  #position: number;
  #attemptedAt: number;
  #tries = 0;

  /** @param range in bytes of the image */
  constructor(image: PagedImage, { begin, end }: Interval, forDemand: boolean) {
    this.image = image;
    this.end = end;
    this.forDemand = forDemand;
    this.#position = begin;
    this.#attemptedAt = begin;
  }

  /** What is still to come. */
  get rest(): Interval {
    return { begin: this.#position, end: this.end };
  }

  /** Bytes that are still to come. */
  get remaining(): number {
    return this.end - this.#position;
  }

  /** The present attempt has brought something. */
  get isAnswered(): boolean {
    return this.#position > this.#attemptedAt;
  }

  /** Attempts that failed one after the other without coming forward. */
  get tries(): number {
    return this.#tries;
  }

  get isAborted(): boolean {
    return this.#aborted.signal.aborted;
  }

  /** Since when a reader waits for something that is still to come; null: nobody does. */
  get wantedSince(): number | null {
    let oldest: number | null = null;
    for (const chunk of this.chunks()) {
      const since = this.image.pending.get(chunk)?.awaitedSince(this.rest) ?? null;
      if (since !== null && (oldest === null || since < oldest)) oldest = since;
    }
    return oldest;
  }

  /** The chunks of which something is still to come. */
  *chunks(): Iterable<number> {
    if (this.remaining === 0) return;
    const { chunkBytes } = this.image.layout;
    const first = Math.floor(this.#position / chunkBytes);
    for (let chunk = first; chunk * chunkBytes < this.end; chunk++) yield chunk;
  }

  /**
   * Fetches what is still to come, once.
   *
   * @param onBytes called for what came; `first`: it is the beginning of an answer
   * @throws what the source throws
   */
  async attempt(
    source: StreamingSource,
    mount: PagedMount,
    onBytes: (length: number, first: boolean) => void,
  ): Promise<void> {
    const { image } = this;
    const { signal } = this.#aborted;
    this.#attemptedAt = this.#position;
    const streaming = source.stream(
      image.offsetInSource + this.#position,
      this.remaining,
      (bytes) => {
        if (signal.aborted || bytes.length === 0) return null;
        const offset = this.#position;
        this.#position += bytes.length;
        const stored = mount.deliver(image.name, offset, bytes);
        image.received({ begin: offset, end: this.#position });
        onBytes(bytes.length, offset === this.#attemptedAt);
        return stored;
      },
      signal,
    );
    try {
      await streaming;
    } catch (error) {
      // A connection may break after the last byte.
      if (this.remaining > 0) throw error;
    }
    if (this.remaining > 0) throw new Error('The source ended early');
  }

  /** Whether the last attempt brought more than what a server lets through before it fails. */
  get cameForward(): boolean {
    return this.remaining === 0 || this.#position - this.#attemptedAt >= PROGRESS_BYTES;
  }

  /** The attempt failed. */
  countFailure(): void {
    if (this.cameForward) this.#tries = 0;
    this.#tries++;
  }

  abort(): void {
    this.#aborted.abort();
  }
}
