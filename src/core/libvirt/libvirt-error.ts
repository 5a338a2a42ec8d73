/** The error numbers of libvirt that callers tell apart (virErrorNumber in virterror.h). */
export const libvirtCode = {
  internalError: 1,
  /** The connection has been closed or lost. */
  invalidConnection: 6,
  /** Also a machine type that QEMU does not have. */
  invalidArgument: 8,
  operationFailed: 9,
  xmlError: 27,
  /** XML that is not well-formed. */
  xmlDetail: 35,
  /** There is no such domain (any more). */
  noDomain: 42,
  /** Not in this state of the domain; also "no job is active". */
  operationInvalid: 55,
  configUnsupported: 67,
  operationTimeout: 68,
  /** A save that was given up. */
  operationAborted: 78,
  /** XML that does not follow libvirt's schema. */
  xmlInvalidSchema: 92,
} as const;

/** virErrorDomain VIR_FROM_RPC: the line to libvirt's daemon itself. */
const REMOTE_LINE = 7;

/** A call that libvirt refused, in its own words. */
export class LibvirtError extends Error {
  override readonly name = 'LibvirtError';
  /** virErrorNumber; see {@link libvirtCode}. */
  readonly code: number;
  /** virErrorDomain: which part of libvirt it came from. */
  readonly domain: number;

  constructor(code: number, domain: number, message: string) {
    super(message);
    this.code = code;
    this.domain = domain;
  }
}

/** Whether libvirt refused a call with this code of {@link libvirtCode}. */
export function isLibvirtError(error: unknown, code: number): boolean {
  return error instanceof LibvirtError && error.code === code;
}

/** A monitor command that QEMU refused (QMP's `error`). */
export class QemuMonitorError extends Error {
  override readonly name = 'QemuMonitorError';
  /** QMP's error class, such as `CommandNotFound` or `GenericError`. */
  readonly className: string;

  constructor(className: string, description: string) {
    super(description);
    this.className = className;
  }
}

/** Waits for a call of the addon; its failures become {@link LibvirtError}. */
export async function translated<Result>(call: Promise<Result>): Promise<Result> {
  try {
    return await call;
  } catch (error) {
    if (!isNativeFailure(error)) throw error;
    // A call under way when the line breaks fails in the words of the line.
    const code = error.domain === REMOTE_LINE ? libvirtCode.invalidConnection : error.code;
    throw new LibvirtError(code, error.domain, error.message);
  }
}

function isNativeFailure(error: unknown): error is Error & { code: number; domain: number } {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'number' &&
    'domain' in error &&
    typeof error.domain === 'number'
  );
}
