import type { RangeSource } from '../../src/core/range/index.js';

/** A source over bytes in memory that keeps a record of what was read: `[offset, length]`. */
export class MemorySource implements RangeSource {
  readonly label = '/tmp/a.nxpk';
  readonly reads: [number, number][] = [];

  constructor(private readonly bytes: Buffer) {}

  get size(): number {
    return this.bytes.length;
  }

  read(offset: number, length: number, signal: AbortSignal): Promise<Buffer> {
    signal.throwIfAborted();
    if (offset < 0 || length < 0 || offset + length > this.size) {
      return Promise.reject(new RangeError(`${offset}+${length} of ${this.size}`));
    }
    this.reads.push([offset, length]);
    return Promise.resolve(this.bytes.subarray(offset, offset + length));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
