import { setTimeout as sleep } from 'node:timers/promises';
import { asVmnetxError, VmnetxError } from '../errors/index.js';
import type { FlatLayout } from '../image/index.js';
import type { RangeSource } from '../range/index.js';

/** Milliseconds between the tries of a fetch; after the last one it has failed. */
const RETRY_PAUSES = [250, 500, 1000, 2000, 4000, 8000] as const;

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
      const bytes = await this.#read(image, chunk);
      await receiver.deliver(image, chunk, bytes).catch(ignoreStoring);
    } catch (error) {
      await receiver.giveUp(image, chunk);
      if (!this.#stop.signal.aborted) this.#onFailure(asVmnetxError(error));
    }
  }

  /** Reads a chunk, again after a while where that may help: a network comes and goes. */
  async #read(image: string, chunk: number): Promise<Buffer> {
    const { signal } = this.#stop;
    const layout = this.#layouts.get(image);
    if (layout === undefined) throw new Error(`there is no image ${image}`);
    const { offset, length } = layout.range(chunk);
    for (let tries = 0; ; tries++) {
      signal.throwIfAborted();
      try {
        return await this.#source.read(offset, length, signal);
      } catch (error) {
        const pause = RETRY_PAUSES[tries];
        if (pause === undefined || !asVmnetxError(error).retryable) throw error;
        await sleep(pause, undefined, { signal });
      }
    }
  }
}

/** Who waits was served even where a chunk could not be stored; the next read of it asks again. */
function ignoreStoring(error: unknown): void {
  if (!(error instanceof VmnetxError)) throw error;
}
