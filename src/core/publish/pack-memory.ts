import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { fileError } from '../errors/index.js';
import { writeSavedDomain } from '../machine/index.js';
import {
  checkedState,
  completeState,
  decompress,
  formatMemoryHeader,
  maxStateBytes,
} from '../memory/index.js';
import { compressed } from './compress.js';
import type { MemoryToPack } from './memory-to-pack.js';
import { notPacked } from './not-packed.js';

export interface MemoryPacking {
  /** Whether the state is compressed: smaller to fetch, more work to resume. */
  readonly compress: boolean;
  /** A new file; the caller's, also if this fails half way. */
  readonly outPath: string;
  readonly signal: AbortSignal;
  /** Bytes that were read of the state as it is stored, and all of them. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** How much is read at a time, in bytes. */
const PIECE_BYTES = 2 ** 20;

/**
 * Writes memory as a package holds it: the strict form of its machine, in which nothing of the
 * publisher's computer is left, and the state as it was saved, compressed anew.
 *
 * @throws VmnetxError `memory-not-packed`, `host-…`
 */
export async function packMemory(memory: MemoryToPack, packing: MemoryPacking): Promise<void> {
  const { machine, path, compression } = memory;
  const { outPath, compress, signal } = packing;
  const expected = { machineType: machine.type, known: new Set([machine.type]) };
  const how = { compression, maxBytes: maxStateBytes(machine.memoryBytes), signal };
  const plain = completeState(checkedState(decompress(readState(memory, packing), how), expected));
  const state = compress ? compressed(plain, signal) : plain;
  const header = formatMemoryHeader(writeSavedDomain(memory), compress ? 'xz' : 'none');
  try {
    await writeFile(outPath, joined(header, state), { flag: 'wx', signal });
  } catch (error) {
    throw notPacked(path, error);
  }
}

async function* joined(
  header: Uint8Array,
  state: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield header;
  yield* state;
}

async function* readState(
  { path, state: { offset, length } }: MemoryToPack,
  { signal, onProgress }: MemoryPacking,
): AsyncGenerator<Uint8Array, void, undefined> {
  const end = offset + length - 1;
  const stream = createReadStream(path, { start: offset, end, highWaterMark: PIECE_BYTES, signal });
  const pieces: AsyncIterable<Buffer> = stream;
  let done = 0;
  try {
    for await (const bytes of pieces) {
      yield bytes;
      done += bytes.length;
      onProgress?.(done, length);
    }
  } catch (error) {
    throw fileError(path, error);
  }
}
