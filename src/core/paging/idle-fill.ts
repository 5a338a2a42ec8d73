import type { Clock } from './clock.js';
import type { PagedImage, Run, TakeRun } from './paged-image.js';

/** How often it is looked whether there is nothing else to do, in milliseconds. */
export const IDLE_MILLISECONDS = 50;
/** Chunks that are looked at in one go, so that nothing waits for a search in a large image. */
const LOOK_AHEAD = 16_384;

/** Brings what nobody asked for, from front to back and slowly. */
export class IdleFill {
  readonly #images: readonly PagedImage[];
  readonly #clock: Clock;
  readonly #bytesPerSecond: number;
  #image = 0;
  #chunk = 0;
  #notBefore = 0;

  constructor(images: readonly PagedImage[], clock: Clock, bytesPerSecond: number) {
    this.#images = images;
    this.#clock = clock;
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** Takes the next of what is missing; null: not now. */
  next(take: (image: PagedImage) => TakeRun): { image: PagedImage; run: Run } | null {
    const image = this.#images[this.#image];
    if (image === undefined || this.#clock.now() < this.#notBefore) return null;
    const end = Math.min(this.#chunk + LOOK_AHEAD, image.layout.chunkCount);
    const run = take(image)(this.#chunk, end);
    this.#chunk = run === null ? end : run.first + run.count;
    if (this.#chunk === image.layout.chunkCount) {
      this.#image++;
      this.#chunk = 0;
    }
    if (run === null) return null;
    const seconds = (run.count * image.layout.chunkBytes) / this.#bytesPerSecond;
    this.#notBefore = this.#clock.now() + 1000 * seconds;
    return { image, run };
  }
}
