import { fail, messageOf, VmnetxError } from '../errors/index.js';
import { isLibvirtError, libvirtCode, LibvirtError, QemuMonitorError } from '../libvirt/index.js';

/** Of a start: whether the machine starts without its memory shows when it does. */
const OF_START = ['host-machine-not-started', 'host-lacks-machine-type', 'host-lacks-processor'];

/** Programs that decompress, without which only the memory is of no use. */
const OF_PROGRAMS = ['host-program-missing', 'host-program-failed'];

/**
 * What an error means that ended a start from saved memory before the guest ran: the memory is refused,
 * unless it was something else that failed, of which only another start can make good.
 */
export function asRefusal(error: unknown): unknown {
  if (error instanceof VmnetxError) {
    const { code } = error;
    return OF_START.includes(code) ? notLoaded(error) : error;
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
