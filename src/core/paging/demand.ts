import type { Clock } from './clock.js';
import type { Link } from './link.js';
import type { PagedImage } from './paged-image.js';
import type { PagedMount } from './paged-mount.js';
import { Transfer } from './transfer.js';

/** Readers wait for pages of the kernel; nothing smaller is worth a request of its own. */
const PAGE_BYTES = 4096;

/** A request of its own costs about as much: so long, in milliseconds, the wanted bytes may be late. */
const WORTH_A_REQUEST = 1;
/** Others may wait for the beginning of a chunk: after so many milliseconds it is as urgent as any. */
const BEGINNING_PATIENCE = 300;

/** A chunk that a reader waits for. */
export interface Wanted {
  readonly image: PagedImage;
  readonly chunk: number;
  /** Where in the chunk the wanted bytes begin. */
  readonly offsetInChunk: number;
}

/** What readers wait for and nobody fetches yet, in the order in which they came. */
export class Demand {
  readonly #clock: Clock;
  readonly #link: Link;
  readonly #onRefused: (wanted: Wanted) => void;
  #queue: Wanted[] = [];
  /** Beginnings of chunks whose ends are on their way, and since when. */
  #beginnings: { readonly transfer: Transfer; readonly since: number }[] = [];

  /** @param onRefused called for a chunk that is there already or that another process fetches */
  constructor(clock: Clock, link: Link, onRefused: (wanted: Wanted) => void) {
    this.#clock = clock;
    this.#link = link;
    this.#onRefused = onRefused;
  }

  add(wanted: Wanted): void {
    this.#queue.push(wanted);
  }

  /**
   * Takes what was wanted first, with the wanted chunks that lie behind it. Where the wanted bytes
   * are not the chunk's first ones, the chunk is fetched from there, and its beginning after that.
   *
   * @param mostBytes in one range; a chunk always
   */
  next(mount: PagedMount, mostBytes: number): Transfer | null {
    const [oldest] = this.#beginnings;
    if (oldest !== undefined && this.#clock.now() - oldest.since > BEGINNING_PATIENCE) {
      return this.nextBeginning();
    }
    for (;;) {
      const wanted = this.#queue.shift();
      if (wanted === undefined) return null;
      const { image, chunk, offsetInChunk } = wanted;
      const critical = this.#criticalOffset(offsetInChunk);
      const most = critical > 0 ? 1 : Math.max(1, mostBytes / image.layout.chunkBytes);
      const neighbours = this.#neighbours(mount, wanted, most);
      const count = neighbours === 0 ? 0 : mount.claim(image.name, chunk, neighbours);
      if (count === 0) {
        this.#onRefused(wanted);
        continue;
      }
      const begin = chunk * image.layout.chunkBytes;
      const transfer = new Transfer(image, begin + critical, image.endOf(chunk + count - 1), true);
      const transfers = [transfer];
      if (critical > 0) {
        const before = new Transfer(image, begin, begin + critical, true);
        this.#beginnings.push({ transfer: before, since: this.#clock.now() });
        transfers.push(before);
      }
      image.assign({ first: chunk, count }, transfers);
      this.#forget(image, chunk + 1, count - 1);
      return transfer;
    }
  }

  /** Takes a beginning of a chunk whose end was taken before. */
  nextBeginning(): Transfer | null {
    for (;;) {
      const beginning = this.#beginnings.shift();
      if (beginning === undefined) return null;
      if (!beginning.transfer.isAborted) return beginning.transfer;
    }
  }

  clear(): void {
    this.#queue = [];
    this.#beginnings = [];
  }

  /** Where in the chunk the range begins that is asked for first. */
  #criticalOffset(offsetInChunk: number): number {
    const offset = offsetInChunk - (offsetInChunk % PAGE_BYTES);
    return this.#link.timeFor(offset) > WORTH_A_REQUEST ? offset : 0;
  }

  /** How many chunks from this one on are wanted and missing: another may have come meanwhile. */
  #neighbours(mount: PagedMount, { image, chunk }: Wanted, most: number): number {
    const wanted = new Set([chunk]);
    for (const other of this.#queue) if (other.image === image) wanted.add(other.chunk);
    let count = 0;
    while (count < most && wanted.has(chunk + count)) {
      if (mount.isPresent(image.name, chunk + count)) break;
      count++;
    }
    return count;
  }

  #forget(image: PagedImage, first: number, count: number): void {
    if (count === 0) return;
    this.#queue = this.#queue.filter(
      (other) => other.image !== image || other.chunk < first || other.chunk >= first + count,
    );
  }
}
