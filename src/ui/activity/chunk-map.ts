import { CHUNK_KINDS, isHere, rankOf, STATES, type ChunkKind } from './chunk-kind.js';

/** What has become of each chunk of an image. */
export class ChunkMap {
  readonly #states: Uint8Array;
  /** How many chunks have each state. */
  readonly #counts: Uint32Array;

  /** @param chunkCount all are missing at first */
  constructor(chunkCount: number) {
    this.#states = new Uint8Array(chunkCount);
    this.#counts = new Uint32Array(STATES);
    this.#counts[0] = chunkCount;
  }

  get chunkCount(): number {
    return this.#states.length;
  }

  /** @param changes runs of chunks, as `ImageMount.takeChanges` has them */
  apply(changes: Uint32Array): void {
    forEachRun(changes, (first, count, state) => {
      const end = Math.min(first + count, this.#states.length);
      for (let chunk = first; chunk < end; chunk++) this.#count(this.#states[chunk] ?? 0, -1);
      this.#states.fill(state, first, end);
      this.#count(state, end - first);
    });
  }

  /** The place among {@link CHUNK_KINDS} of what has become of a chunk. */
  rankAt(chunk: number): number {
    return rankOf(this.#states[chunk] ?? 0);
  }

  /** How many chunks of each kind there are. */
  kinds(): Readonly<Record<ChunkKind, number>> {
    const kinds = { missing: 0, before: 0, ahead: 0, read: 0, written: 0, both: 0 };
    this.#counts.forEach((count, state) => {
      kinds[CHUNK_KINDS[rankOf(state)] ?? 'missing'] += count;
    });
    return kinds;
  }

  /** Which part of the image has come to this computer, from 0 to 1. */
  get shareHere(): number {
    let here = 0;
    this.#counts.forEach((count, state) => {
      if (isHere(state)) here += count;
    });
    return this.chunkCount === 0 ? 1 : here / this.chunkCount;
  }

  #count(state: number, difference: number): void {
    this.#counts[state] = (this.#counts[state] ?? 0) + difference;
  }
}

/** Calls it for chunks that follow one another and have the same state, as changes list them. */
export function forEachRun(
  changes: Uint32Array,
  each: (first: number, count: number, state: number) => void,
): void {
  for (let at = 0; at + 2 < changes.length; at += 3) {
    each(changes[at] ?? 0, changes[at + 1] ?? 0, changes[at + 2] ?? 0);
  }
}
