import { setTimeout as sleep } from 'node:timers/promises';
import { untilAborted } from '../disposal/index.js';
import type { ImageMount } from '../chunkfs/index.js';
import type { OpenImage } from './open-images.js';

/** How often it is seen whether an image is complete, in milliseconds: that costs next to nothing. */
const INTERVAL_MILLISECONDS = 1000;

/**
 * Compares images with the CRC-32 of their package once all of one is there: what an image without a
 * checksum for each chunk allows. What became wrong only here is dropped chunk by chunk, by the local
 * checksums; an image that came wrong is forgotten as a whole, so that the next session fetches it
 * again, and this session's owner is told.
 */
export class Completeness {
  readonly #images: ReadonlyMap<string, OpenImage>;
  readonly #mount: ImageMount;
  readonly #onDamaged: () => void;
  readonly #stop = new AbortController();
  /** Images that need not be looked at again. */
  readonly #settled = new Set<string>();
  /** Images that were seen incomplete in this session. */
  readonly #incomplete = new Set<string>();
  readonly #watching: Promise<void>;

  /** @param onDamaged called before the image is forgotten: from then on, nothing may be kept */
  constructor(images: ReadonlyMap<string, OpenImage>, mount: ImageMount, onDamaged: () => void) {
    this.#images = images;
    this.#mount = mount;
    this.#onDamaged = onDamaged;
    this.#watching = this.#watch();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#checkAll();
      await sleep(INTERVAL_MILLISECONDS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #checkAll(): Promise<void> {
    for (const numbers of this.#mount.statistics()) {
      const image = this.#images.get(numbers.image);
      if (image === undefined) continue;
      // What could not be checked is checked next time.
      await this.#checkOne(numbers, image).catch(() => undefined);
    }
  }

  async #checkOne(numbers: Numbers, { stored }: OpenImage): Promise<void> {
    const { image: name, chunksPresent, chunkCount } = numbers;
    if (stored === null) return;
    if (chunksPresent < chunkCount) {
      // Should it have been complete once, it no longer is.
      if (!this.#incomplete.has(name)) await stored.forgetVerified();
      this.#incomplete.add(name);
      this.#settled.delete(name);
      return;
    }
    this.#incomplete.delete(name);
    if (this.#settled.has(name)) return;
    const { signal } = this.#stop;
    const verdict = await untilAborted(stored.check(signal), signal);
    if (verdict === 'intact') this.#settled.add(name);
    if (verdict !== 'wrong' || !(await this.#isAsFetched(name, numbers))) return;
    // The guest may have been given wrong bytes.
    this.#settled.add(name);
    this.#onDamaged();
    await this.#mount.forgetAll(name);
  }

  /** Whether all chunks are what they were when they were fetched; one that is not is dropped. */
  async #isAsFetched(name: string, { damaged }: Numbers): Promise<boolean> {
    await untilAborted(this.#mount.compare(name), this.#stop.signal);
    const now = this.#mount.statistics().find(({ image }) => image === name);
    return now?.damaged === damaged;
  }
}

interface Numbers {
  readonly image: string;
  readonly damaged: number;
  readonly chunksPresent: number;
  readonly chunkCount: number;
}
