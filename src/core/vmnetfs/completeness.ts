import { setTimeout as sleep } from 'node:timers/promises';
import { untilAborted } from '../disposal/index.js';
import type { ImageMount } from '../chunkfs/index.js';
import type { OpenImage } from './open-images.js';

/** How often it is seen whether an image is complete, in milliseconds: that costs next to nothing. */
const INTERVAL_MILLISECONDS = 1000;

/**
 * Compares images with the CRC-32 of their package once all of one is there: what an image without a
 * checksum for each chunk allows. One that is wrong is forgotten as a whole, so that the next session
 * fetches it again, and this session's owner is told.
 */
export class Completeness {
  readonly #images: ReadonlyMap<string, OpenImage>;
  readonly #mount: ImageMount;
  readonly #onDamaged: () => void;
  readonly #stop = new AbortController();
  /** Images that need not be looked at again. */
  readonly #settled = new Set<string>();
  /** Chunks of each image that were found damaged when it was last looked at. */
  readonly #damaged = new Map<string, number>();
  readonly #watching: Promise<void>;

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

  async #checkOne(
    { image: name, damaged, chunksPresent, chunkCount }: Numbers,
    { stored }: OpenImage,
  ): Promise<void> {
    if (stored === null) return;
    if (damaged > (this.#damaged.get(name) ?? 0)) {
      this.#damaged.set(name, damaged);
      this.#settled.delete(name);
      await stored.forgetVerified();
    }
    if (chunksPresent < chunkCount || this.#settled.has(name)) return;
    const { signal } = this.#stop;
    const verdict = await untilAborted(stored.check(signal), signal);
    if (verdict === 'elsewhere') return;
    this.#settled.add(name);
    if (verdict === 'intact') return;
    // The guest may have been given wrong bytes, wherever they became wrong.
    this.#mount.forgetAll(name);
    this.#onDamaged();
  }
}

interface Numbers {
  readonly image: string;
  readonly damaged: number;
  readonly chunksPresent: number;
  readonly chunkCount: number;
}
