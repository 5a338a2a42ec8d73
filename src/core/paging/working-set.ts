import type { PagedImage, Run, TakeRun } from './paged-image.js';

/** Neighbours that are looked for, in chunks: more than one range holds. */
const LOOK_AHEAD = 64;

/** Chunks that are known to be needed, in the order in which they will be. */
export class WorkingSet {
  #order: { readonly image: PagedImage; readonly chunk: number }[] = [];
  #at = 0;
  readonly #listed = new Map<PagedImage, Set<number>>();

  add(image: PagedImage, chunk: number): void {
    const listed = this.#listed.get(image) ?? new Set();
    if (listed.has(chunk)) return;
    this.#listed.set(image, listed.add(chunk));
    this.#order.push({ image, chunk });
  }

  /** Takes the next of them, together with those that lie behind it and are needed, too. */
  next(take: (image: PagedImage) => TakeRun): { image: PagedImage; run: Run } | null {
    for (; this.#at < this.#order.length; this.#at++) {
      const found = this.#order[this.#at];
      const listed = found === undefined ? undefined : this.#listed.get(found.image);
      if (found === undefined || listed?.has(found.chunk) !== true) continue;
      const { image, chunk } = found;
      let end = chunk + 1;
      while (end - chunk < LOOK_AHEAD && listed.has(end)) end++;
      const run = take(image)(chunk, end);
      const done = run === null ? end : run.first + run.count;
      for (let next = chunk; next < done; next++) listed.delete(next);
      if (run !== null) return { image, run };
    }
    this.clear();
    return null;
  }

  clear(): void {
    this.#order = [];
    this.#at = 0;
    this.#listed.clear();
  }
}
