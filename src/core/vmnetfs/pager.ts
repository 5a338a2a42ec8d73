import { asVmnetxError, type VmnetxError } from '../errors/index.js';
import type { FlatLayout } from '../image/index.js';
import type { RangeSource } from '../range/index.js';

/** Where the pager puts what it fetched; the other side of it is the mount. */
export interface ChunkReceiver {
  /** Takes a whole chunk; whoever waits for it goes on. */
  deliver(image: string, chunk: number, bytes: Buffer): Promise<void>;
  /** Tells whoever waits for the chunk that it cannot be had. */
  giveUp(image: string, chunk: number): Promise<void>;
}

/**
 * Fetches the chunks that a reader waits for: one request for each. The mount asks for a chunk once
 * until it is delivered or given up, so nothing is fetched twice at a time.
 */
export class Pager {
  readonly #source: RangeSource;
  readonly #layouts: ReadonlyMap<string, FlatLayout>;
  readonly #onFailure: (error: VmnetxError) => void;
  readonly #stop = new AbortController();
  readonly #underWay = new Set<Promise<void>>();

  /** @param onFailure called when a chunk is given up, unless the pager was stopped */
  constructor(
    source: RangeSource,
    layouts: ReadonlyMap<string, FlatLayout>,
    onFailure: (error: VmnetxError) => void,
  ) {
    this.#source = source;
    this.#layouts = layouts;
    this.#onFailure = onFailure;
  }

  /** Begins to fetch a chunk for the receiver. */
  request(receiver: ChunkReceiver, image: string, chunk: number): void {
    const work = this.#fetch(receiver, image, chunk).finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  /** Waits until nothing is being fetched. */
  async settle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Gives up what is under way and whatever is asked for later. */
  stop(): void {
    this.#stop.abort();
  }

  async #fetch(receiver: ChunkReceiver, image: string, chunk: number): Promise<void> {
    try {
      const layout = this.#layouts.get(image);
      if (layout === undefined) throw new Error(`there is no image ${image}`);
      const { offset, length } = layout.range(chunk);
      this.#stop.signal.throwIfAborted();
      const bytes = await this.#source.read(offset, length, this.#stop.signal);
      await receiver.deliver(image, chunk, bytes);
    } catch (error) {
      await receiver.giveUp(image, chunk);
      if (!this.#stop.signal.aborted) this.#onFailure(asVmnetxError(error));
    }
  }
}
