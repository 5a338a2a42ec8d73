import { SLOWEST_BYTES, type HttpTimeouts } from './timeouts.js';

/** What a server was too slow with. */
export type Lateness = 'headers' | 'stall' | 'slow';

/** Watches one answer; time in which its receiver makes it wait does not count. */
export class Patience {
  readonly #timeouts: HttpTimeouts;
  readonly #onLate: (lateness: Lateness) => void;
  #wait: NodeJS.Timeout | undefined;
  #interval: NodeJS.Timeout | undefined;
  /** Bytes since the interval last fired; infinite if the receiver made the server wait meanwhile. */
  #bytes = 0;
  #paused = false;

  constructor(timeouts: HttpTimeouts, onLate: (lateness: Lateness) => void) {
    this.#timeouts = timeouts;
    this.#onLate = onLate;
  }

  awaitHead(): void {
    this.stop();
    this.#wait = setTimeout(this.#onLate, this.#timeouts.headers, 'headers');
  }

  awaitBody(): void {
    this.stop();
    this.#wait = setTimeout(() => {
      if (!this.#paused) this.#onLate('stall');
    }, this.#timeouts.stall);
    this.#interval = setInterval(() => {
      if (this.#bytes < SLOWEST_BYTES && !this.#paused) this.#onLate('slow');
      this.#bytes = this.#paused ? Infinity : 0;
    }, this.#timeouts.slow);
  }

  progress(bytes: number): void {
    this.#bytes += bytes;
    this.#wait?.refresh();
  }

  pause(): void {
    this.#paused = true;
    this.#bytes = Infinity;
  }

  resume(): void {
    this.#paused = false;
    this.#wait?.refresh();
  }

  stop(): void {
    clearTimeout(this.#wait);
    clearInterval(this.#interval);
  }
}
