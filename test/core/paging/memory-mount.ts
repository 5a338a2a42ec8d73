import { constants } from 'node:os';
import type { ChunkOfImage, MissingChunk } from '../../../src/core/chunkfs/index.js';
import type { FlatLayout } from '../../../src/core/image/index.js';
import type { PagedMount } from '../../../src/core/paging/index.js';

interface Reader {
  readonly image: string;
  readonly offset: number;
  readonly length: number;
  readonly resolve: (bytes: Buffer) => void;
  readonly reject: (error: Error) => void;
}

/** What is told to the pager. */
interface Caller {
  miss(missing: MissingChunk): void;
  marked(chunk: ChunkOfImage): void;
}

/**
 * Receives what a pager brings, keeps it in memory, and lets readers wait for it, as a mount does.
 * Bytes that come twice are an error, unless they were released before.
 */
export class MemoryMount implements PagedMount {
  /** Chunks that another process has claimed, as `IMAGE CHUNK`. */
  readonly claimedByOthers = new Set<string>();
  readonly claimed = new Set<string>();
  readonly failed: string[] = [];
  /** Each delivery waits for this, if it is not null. */
  backPressure: Promise<void> | null = null;
  #caller: Caller | null = null;
  readonly #layouts: ReadonlyMap<string, FlatLayout>;
  readonly #bytes = new Map<string, Buffer>();
  /** For each byte, 1 if it is there. */
  readonly #there = new Map<string, Uint8Array>();
  readonly #missingBytes = new Map<string, number>();
  readonly #marks = new Set<string>();
  /** What was missed of each chunk that is not whole, as `BEGIN END`. */
  readonly #missed = new Map<string, Set<string>>();
  readonly #readers = new Set<Reader>();

  constructor(layouts: ReadonlyMap<string, FlatLayout>) {
    this.#layouts = layouts;
    for (const [image, { sizeBytes }] of layouts) {
      this.#bytes.set(image, Buffer.alloc(sizeBytes));
      this.#there.set(image, new Uint8Array(sizeBytes));
    }
  }

  tell(caller: Caller): void {
    this.#caller = caller;
  }

  /** Reads as a reader of the mount does: waits for what is missing, and has it asked for. */
  async read(image: string, offset: number, length: number): Promise<Buffer> {
    const { chunkBytes } = this.#layout(image);
    for (const chunk of this.#chunks(image, offset, length)) {
      if (this.#marks.delete(`${image} ${chunk}`)) this.#caller?.marked({ image, chunk });
    }
    if (this.#covers(image, offset, length)) return this.#slice(image, offset, length);
    return await new Promise((resolve, reject) => {
      this.#readers.add({ image, offset, length, resolve, reject });
      for (const chunk of this.#chunks(image, offset, length)) {
        const from = Math.max(offset, chunk * chunkBytes);
        const to = Math.min(offset + length, (chunk + 1) * chunkBytes);
        const key = `${image} ${chunk}`;
        const missed = this.#missed.get(key) ?? new Set();
        if (this.#covers(image, from, to - from) || missed.has(`${from} ${to}`)) continue;
        this.#missed.set(key, missed.add(`${from} ${to}`));
        const offsetInChunk = from - chunk * chunkBytes;
        const lengthInChunk = to - from;
        this.#caller?.miss({ image, chunk, offsetInChunk, lengthInChunk, kind: 'read' });
      }
    });
  }

  /** Another process brought a chunk. */
  bring(image: string, chunk: number, bytes: Buffer): void {
    this.#put(image, chunk * this.#layout(image).chunkBytes, bytes);
    this.claimedByOthers.delete(`${image} ${chunk}`);
  }

  deliver(image: string, offset: number, bytes: Uint8Array): Promise<void> | null {
    for (const chunk of this.#chunks(image, offset, bytes.length)) {
      if (!this.claimed.has(`${image} ${chunk}`)) throw new Error(`${image} ${chunk}: not claimed`);
    }
    this.#put(image, offset, bytes);
    this.#serve();
    return this.backPressure;
  }

  failChunk(image: string, chunk: number, errno: number): void {
    if (errno !== constants.errno.EIO) throw new Error(`errno ${errno}`);
    this.failed.push(`${image} ${chunk}`);
    this.release(image, chunk, 1);
    for (const reader of this.#readers) {
      if (reader.image !== image) continue;
      if (![...this.#chunks(image, reader.offset, reader.length)].includes(chunk)) continue;
      this.#readers.delete(reader);
      reader.reject(new Error('EIO'));
    }
  }

  isPresent(image: string, chunk: number): boolean {
    return this.#missing(image, chunk) === 0;
  }

  claim(image: string, first: number, count: number, steal = false): number {
    if (steal) this.claimedByOthers.delete(`${image} ${first}`);
    let chunk = first;
    for (; chunk < first + count; chunk++) {
      const key = `${image} ${chunk}`;
      if (this.isPresent(image, chunk) || this.claimedByOthers.has(key)) break;
      this.claimed.add(key);
    }
    return chunk - first;
  }

  release(image: string, first: number, count: number): void {
    const { chunkBytes } = this.#layout(image);
    for (let chunk = first; chunk < first + count; chunk++) {
      this.claimed.delete(`${image} ${chunk}`);
      this.#missed.delete(`${image} ${chunk}`);
      if (this.isPresent(image, chunk)) continue;
      this.#there.get(image)?.fill(0, chunk * chunkBytes, (chunk + 1) * chunkBytes);
      this.#missingBytes.delete(`${image} ${chunk}`);
    }
  }

  wake(): void {
    this.#serve();
  }

  mark(image: string, chunk: number): void {
    this.#marks.add(`${image} ${chunk}`);
  }

  #put(image: string, offset: number, bytes: Uint8Array): void {
    const there = this.#there.get(image);
    if (there?.subarray(offset, offset + bytes.length).includes(1) !== false) {
      throw new Error(`${image} ${offset}+${bytes.length}: it came before`);
    }
    there.fill(1, offset, offset + bytes.length);
    this.#bytes.get(image)?.set(bytes, offset);
    const { chunkBytes } = this.#layout(image);
    for (const chunk of this.#chunks(image, offset, bytes.length)) {
      const from = Math.max(offset, chunk * chunkBytes);
      const to = Math.min(offset + bytes.length, (chunk + 1) * chunkBytes);
      const missing = this.#missing(image, chunk) - (to - from);
      this.#missingBytes.set(`${image} ${chunk}`, missing);
      if (missing === 0) this.#missed.delete(`${image} ${chunk}`);
    }
  }

  #serve(): void {
    for (const reader of this.#readers) {
      const { image, offset, length } = reader;
      if (!this.#covers(image, offset, length)) continue;
      this.#readers.delete(reader);
      reader.resolve(this.#slice(image, offset, length));
    }
  }

  #missing(image: string, chunk: number): number {
    return this.#missingBytes.get(`${image} ${chunk}`) ?? this.#layout(image).range(chunk).length;
  }

  #covers(image: string, offset: number, length: number): boolean {
    return (
      this.#there
        .get(image)
        ?.subarray(offset, offset + length)
        .includes(0) === false
    );
  }

  #slice(image: string, offset: number, length: number): Buffer {
    return Buffer.from(this.#bytes.get(image)?.subarray(offset, offset + length) ?? []);
  }

  *#chunks(image: string, offset: number, length: number): Iterable<number> {
    const { chunkBytes } = this.#layout(image);
    const last = Math.floor((offset + length - 1) / chunkBytes);
    for (let chunk = Math.floor(offset / chunkBytes); chunk <= last; chunk++) yield chunk;
  }

  #layout(image: string): FlatLayout {
    const layout = this.#layouts.get(image);
    if (layout === undefined) throw new Error(`There is no image ${image}`);
    return layout;
  }
}
