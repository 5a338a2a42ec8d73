import { messageOf, fail, VmnetxError } from '../errors/index.js';
import { isLibvirtError, libvirtCode, LibvirtError, QemuMonitorError } from '../libvirt/index.js';
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

/** Programs that decompress, without which only the memory is of no use. */
const OF_PROGRAMS = ['host-program-missing', 'host-program-failed'];

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

/**
 * What an error means that ended a start from saved memory before the guest ran: the memory is refused,
 * unless it was something else that failed, of which only another start can make good.
 */
export function asRefusal(error: unknown): unknown {
  if (error instanceof VmnetxError) {
    const { code } = error;
    const ofStart = ['host-machine-not-started', 'host-lacks-machine-type', 'host-lacks-processor'];
    return ofStart.includes(code) ? notLoaded(error) : error;
  }
  if (isLibvirtError(error, libvirtCode.invalidConnection)) {
    return fail('host-libvirt-lost', {}, { cause: error });
  }
  const ofDomain = error instanceof LibvirtError || error instanceof QemuMonitorError;
  return ofDomain ? notLoaded(error) : error;
}

function notLoaded(cause: Error): VmnetxError {
  const detail = cause instanceof VmnetxError ? (cause.detail ?? cause.message) : messageOf(cause);
  return fail('memory-not-loaded', {}, { cause, detail });
}

/** Whether an error may come of the bytes that were loaded, and not of the programs that load them. */
export function speaksAgainstBytes({ code }: VmnetxError): boolean {
  return code.startsWith('memory-');
}

/** Whether an error is one of the saved memory alone: the machine can boot from its disk. */
export function isRefusal(error: VmnetxError): boolean {
  return speaksAgainstBytes(error) || OF_PROGRAMS.includes(error.code);
}
