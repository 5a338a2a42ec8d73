import type { Clock } from './clock.js';
import { IdleFill } from './idle-fill.js';
import type { PagedImage, Run, TakeRun } from './paged-image.js';
import type { PagedMount } from './paged-mount.js';
import { ReadAhead } from './read-ahead.js';
import { Transfer } from './transfer.js';
import { WorkingSet } from './working-set.js';

/**
 * What is fetched before anybody waits for it: first what is read in sequence, then what is known to
 * be needed, then the rest if that is wanted.
 */
export class Ahead {
  readonly #readers: ReadonlyMap<PagedImage, ReadAhead>;
  readonly #workingSet = new WorkingSet();
  readonly #idleFill: IdleFill | null;
  #on = true;

  /** @param idleBytesPerSecond 0: the rest is not fetched */
  constructor(images: readonly PagedImage[], clock: Clock, idleBytesPerSecond: number) {
    this.#readers = new Map(images.map((image) => [image, new ReadAhead(image.layout)]));
    this.#idleFill =
      idleBytesPerSecond > 0 ? new IdleFill(images, clock, idleBytesPerSecond) : null;
  }

  /** Off: nothing is fetched ahead, for it would not be kept. */
  switch(on: boolean): void {
    this.#on = on;
    if (!on) this.#forgetReaders();
  }

  /**
   * A chunk is read.
   *
   * @returns whether it is part of a run
   */
  access(image: PagedImage, chunk: number, mount: PagedMount | null): boolean {
    const reader = this.#on ? this.#readers.get(image) : undefined;
    return reader?.access(chunk, (next) => mount?.mark(image.name, next)) ?? false;
  }

  /** A chunk will be needed, after those that were named before. */
  add(image: PagedImage, chunk: number): void {
    this.#workingSet.add(image, chunk);
  }

  /**
   * Takes what is most urgent.
   *
   * @param mostBytes in one range; a chunk always
   * @param idle there is nothing else to do
   */
  next(mount: PagedMount, mostBytes: number, idle: boolean): Transfer | null {
    if (!this.#on) return null;
    const take = (image: PagedImage): TakeRun => {
      const most = Math.max(1, Math.floor(mostBytes / image.layout.chunkBytes));
      return (first, end) => image.takeRun(mount, first, end, most);
    };
    for (const [image, reader] of this.#readers) {
      const run = reader.next(take(image));
      if (run !== null) return transferOf(image, run);
    }
    let found = this.#workingSet.next(take);
    if (idle) found ??= this.#idleFill?.next(take) ?? null;
    return found === null ? null : transferOf(found.image, found.run);
  }

  /** It cannot be had: nothing is fetched ahead before somebody reads on. */
  giveUp(): void {
    this.#forgetReaders();
    this.#workingSet.clear();
  }

  #forgetReaders(): void {
    for (const reader of this.#readers.values()) reader.forget();
  }
}

function transferOf(image: PagedImage, { first, count }: Run): Transfer {
  const { begin } = image.rangeOf(first);
  const { end } = image.rangeOf(first + count - 1);
  const transfer = new Transfer(image, { begin, end }, false);
  image.assign(transfer);
  return transfer;
}
