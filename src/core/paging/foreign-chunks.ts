import type { Clock } from './clock.js';
import type { PagedMount } from './paged-mount.js';
import type { Wanted } from './demand.js';

/** How often it is looked whether another process brought a chunk, in milliseconds. */
const POLL_MILLISECONDS = 5;
/** So long another process may take before its claim is taken from it. */
const PATIENCE = 2000;

interface Awaited extends Wanted {
  /** In the clock's milliseconds. */
  readonly stealFrom: number;
}

/** Chunks that readers wait for and another process fetches. */
export class ForeignChunks {
  readonly #clock: Clock;
  readonly #mount: PagedMount;
  readonly #stop: AbortSignal;
  readonly #onClaimed: (wanted: Wanted) => void;
  readonly #awaited = new Set<Awaited>();
  #polling = false;

  /** @param onClaimed called for a chunk that has to be fetched after all */
  constructor(
    clock: Clock,
    mount: PagedMount,
    onClaimed: (wanted: Wanted) => void,
    stop: AbortSignal,
  ) {
    this.#clock = clock;
    this.#mount = mount;
    this.#onClaimed = onClaimed;
    this.#stop = stop;
  }

  /** Waits for a chunk that could not be claimed. It may be there already. */
  add(wanted: Wanted): void {
    if (this.#isBrought(wanted)) return;
    this.#awaited.add({ ...wanted, stealFrom: this.#clock.now() + PATIENCE });
    if (!this.#polling) void this.#poll();
  }

  async #poll(): Promise<void> {
    this.#polling = true;
    try {
      while (this.#awaited.size > 0) {
        await this.#clock.sleep(POLL_MILLISECONDS, this.#stop);
        for (const awaited of this.#awaited) this.#look(awaited);
      }
    } catch {
      // Only the stop ends a sleep.
      this.#awaited.clear();
    } finally {
      this.#polling = false;
    }
  }

  #look(awaited: Awaited): void {
    const { image, chunk, stealFrom } = awaited;
    if (this.#isBrought(awaited)) {
      this.#awaited.delete(awaited);
    } else if (this.#mount.claim(image.name, chunk, 1, this.#clock.now() >= stealFrom) > 0) {
      this.#awaited.delete(awaited);
      this.#onClaimed(awaited);
    }
  }

  #isBrought({ image, chunk }: Wanted): boolean {
    if (!this.#mount.isPresent(image.name, chunk)) return false;
    this.#mount.wake(image.name, chunk, 1);
    image.remove(chunk);
    return true;
  }
}
