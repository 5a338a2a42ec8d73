import type { Interval } from './intervals.js';
import type { Link } from './link.js';
import type { PagedImage } from './paged-image.js';
import type { PagedMount } from './paged-mount.js';
import type { PartialChunks } from './partial-chunks.js';
import { Transfer } from './transfer.js';

/** Readers wait for pages of the kernel; nothing smaller is worth a request of its own. */
const PAGE_BYTES = 4096;
/** A request of its own costs about as much: so long, in milliseconds, the wanted bytes may be late. */
const WORTH_A_REQUEST = 1;

/** A part of a chunk that a reader waits for. */
export interface Wanted {
  readonly image: PagedImage;
  readonly chunk: number;
  /** In bytes of the image. */
  readonly range: Interval;
  /** He reads the image from front to back: all of the chunk will be wanted. */
  readonly inRun: boolean;
}

/** What readers wait for and nobody fetches yet, in the order in which they came. */
export class Demand {
  readonly #link: Link;
  readonly #partial: PartialChunks;
  readonly #onRefused: (wanted: Wanted) => void;
  #queue: Wanted[] = [];

  /**
   * @param partial gets the chunks of which a part was taken
   * @param onRefused called for a chunk that is there already or that another process fetches
   */
  constructor(link: Link, partial: PartialChunks, onRefused: (wanted: Wanted) => void) {
    this.#link = link;
    this.#partial = partial;
    this.#onRefused = onRefused;
  }

  get hasWanted(): boolean {
    return this.#queue.length > 0;
  }

  /** Whether there may be something for {@link nextRemainder}. */
  get hasRemainder(): boolean {
    return this.#partial.size > 0;
  }

  add(wanted: Wanted): void {
    this.#queue.push(wanted);
  }

  /**
   * Takes what was wanted first, with what is wanted right behind it.
   *
   * @param mostBytes in one range, but always what is taken of one chunk
   * @param spareBytes so much may be asked for that nobody waits for
   */
  next(mount: PagedMount, mostBytes: number, spareBytes: number): Transfer | null {
    for (;;) {
      const wanted = this.#queue.shift();
      if (wanted === undefined) return null;
      const range = this.#extent(wanted, spareBytes);
      // What came or was asked for meanwhile.
      if (range === null) continue;
      if (!claim(mount, wanted)) {
        this.#onRefused(wanted);
        continue;
      }
      const { image } = wanted;
      const { begin } = range;
      let { end } = range;
      const joined = [wanted];
      while (end - begin < mostBytes) {
        const found = this.#takeAt(mount, image, end);
        if (found === null) break;
        end = found.range.end;
        joined.push(found.wanted);
      }
      const transfer = this.#transferOf(image, { begin, end });
      // Where something in the middle is on its way already, there is more to ask for behind it.
      this.#queue.unshift(...joined.filter((one) => unaskedOf(one) !== null));
      return transfer;
    }
  }

  /** Takes some of the rest of a chunk of which readers have what they wanted. */
  nextRemainder(mount: PagedMount, spareBytes: number): Transfer | null {
    for (;;) {
      const next = this.#partial.next(spareBytes);
      if (next === null) return null;
      const { image, chunk } = next.chunk;
      if (!mount.isPresent(image.name, chunk)) return this.#transferOf(image, next.range);
      // Another process took it over and brought it.
      image.remove(chunk);
      mount.release(image.name, chunk, 1);
    }
  }

  clear(): void {
    this.#queue = [];
    this.#partial.clear();
  }

  /** What of its chunk is asked for first; null: all that is wanted was asked for. */
  #extent(wanted: Wanted, spareBytes: number): Interval | null {
    const { image, chunk, range, inRun } = wanted;
    const unasked = unaskedOf(wanted);
    if (unasked === null) return null;
    const link = this.#link;
    // Who wants more of a chunk gets all of it, where that takes no time.
    const isBegun = image.pending.get(chunk)?.isBegun === true;
    const isFast = link.timeFor(image.layout.chunkBytes) < WORTH_A_REQUEST;
    if (inRun || (isBegun && isFast)) return unasked;
    const first = Math.max(range.begin, unasked.begin);
    const begin = Math.max(unasked.begin, first - (first % PAGE_BYTES));
    // He reads on behind what was asked for before.
    const readsOn = begin === unasked.begin && begin > image.rangeOf(chunk).begin;
    if (readsOn) return unasked;
    if (unasked.end - begin <= spareBytes) {
      const worthIt = link.timeFor(begin - unasked.begin) > WORTH_A_REQUEST;
      return { begin: worthIt ? begin : unasked.begin, end: unasked.end };
    }
    const end = Math.max(range.end, begin + link.freeBytes);
    return { begin, end: Math.min(Math.ceil(end / PAGE_BYTES) * PAGE_BYTES, unasked.end) };
  }

  /** Takes from the queue what is wanted from this offset on, if it can be claimed. */
  #takeAt(
    mount: PagedMount,
    image: PagedImage,
    begin: number,
  ): { readonly wanted: Wanted; readonly range: Interval } | null {
    const chunk = Math.floor(begin / image.layout.chunkBytes);
    for (const [index, wanted] of this.#queue.entries()) {
      if (wanted.image !== image || wanted.chunk !== chunk) continue;
      const range = this.#extent(wanted, 0);
      if (range?.begin !== begin || !claim(mount, wanted)) continue;
      this.#queue.splice(index, 1);
      return { wanted, range };
    }
    return null;
  }

  #transferOf(image: PagedImage, range: Interval): Transfer {
    const transfer = new Transfer(image, range, true);
    image.assign(transfer);
    for (const chunk of transfer.chunks()) {
      const pending = image.pending.get(chunk);
      if (pending?.unasked.isEmpty === false) this.#partial.add(pending);
    }
    return transfer;
  }
}

function unaskedOf({ image, chunk, range }: Wanted): Interval | null {
  return image.pending.get(chunk)?.unasked.firstIn(range) ?? null;
}

/** Whether the chunk is missing and ours to fetch. */
function claim(mount: PagedMount, { image, chunk }: Wanted): boolean {
  if (mount.isPresent(image.name, chunk)) return false;
  const isOurs = image.pending.get(chunk)?.isBegun === true;
  return isOurs || mount.claim(image.name, chunk, 1) > 0;
}
