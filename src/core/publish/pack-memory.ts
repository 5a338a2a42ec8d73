import { writeFile } from 'node:fs/promises';
import { writeSavedDomain } from '../machine/index.js';
import {
  checkedState,
  completeState,
  decompress,
  formatMemoryHeader,
  maxStateBytes,
  StateFile,
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

const PROGRESS_MILLISECONDS = 200;

/**
 * Writes memory as a package holds it: the strict form of its machine, in which nothing of the
 * publisher's computer is left, and the state as it was saved, compressed anew.
 *
 * @throws VmnetxError `memory-not-packed`, `host-…`
 */
export async function packMemory(memory: MemoryToPack, packing: MemoryPacking): Promise<void> {
  const { machine, path, compression, state } = memory;
  const { outPath, compress, signal } = packing;
  const how = { compression, maxBytes: maxStateBytes(machine.memoryBytes), signal };
  try {
    const file = await StateFile.open(path, state.offset, signal);
    const stopTelling = tellProgress(file, packing);
    try {
      const plain = completeState(checkedState(decompress(file.fd, how), machine.type));
      const packed = compress ? compressed(plain, signal) : plain;
      const header = formatMemoryHeader(writeSavedDomain(memory), compress ? 'xz' : 'none');
      await writeFile(outPath, joined(header, packed), { flag: 'wx', signal });
    } finally {
      stopTelling();
      await file.close();
    }
    packing.onProgress?.(file.length, file.length);
  } catch (error) {
    throw notPacked(path, error);
  }
}

/** Returns what ends it: nothing is told any more from then on. */
function tellProgress(file: StateFile, { onProgress }: MemoryPacking): () => void {
  let isOver = false;
  const timer = setInterval(() => {
    void file.position().then(
      (done) => {
        if (!isOver) onProgress?.(done, file.length);
      },
      () => undefined,
    );
  }, PROGRESS_MILLISECONDS);
  return () => {
    isOver = true;
    clearInterval(timer);
  };
}

async function* joined(
  header: Uint8Array,
  state: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield header;
  yield* state;
}
