import {
  checkedState,
  decompress,
  maxStateBytes,
  type Compression,
  type SavedMemory,
  type StateFile,
} from '../memory/index.js';
import { loadState, type WaitingDomain } from './load-state.js';

/** How often it is told how much is loaded, in milliseconds. */
const TOLD_MILLISECONDS = 100;

/** What is loaded, and where. */
export interface StateToLoad {
  /** Open; stays the caller's. */
  readonly file: StateFile;
  /** Of the file. */
  readonly compression: Compression;
  readonly memory: SavedMemory;
  /** Absolute path at which QEMU makes a socket to get the state by. */
  readonly socket: string;
}

/**
 * Brings the memory of a machine back into a domain that waits for it.
 *
 * @param onLoaded told of the bytes that were read, as they are stored
 * @throws VmnetxError `memory-…`; LibvirtError `invalidConnection`; the signal's reason
 */
export async function loadMemory(
  domain: WaitingDomain,
  { file, compression, memory, socket }: StateToLoad,
  onLoaded: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const { type, memoryBytes } = memory.machine;
  const maxBytes = maxStateBytes(memoryBytes);
  const over = new AbortController();
  const how = { compression, maxBytes, signal: AbortSignal.any([signal, over.signal]) };
  const plain = decompress(file.fd, how);
  const told = setInterval(() => {
    void file.position().then(onLoaded, () => undefined);
  }, TOLD_MILLISECONDS);
  try {
    await loadState(domain, socket, checkedState(plain, type), signal);
  } finally {
    clearInterval(told);
    // It may wait for bytes that nobody wants any more.
    over.abort();
  }
}
