import { fail, type VmnetxError } from '../errors/index.js';
import { loadNative } from '../places/index.js';

/**
 * The face of `native/libvirt`, as it is. Every call runs on a thread of its own and rejects with an
 * Error that has libvirt's numbers as `code` and `domain`.
 */
export interface Addon {
  open(uri: string): Promise<NativeConnection>;
}

export interface NativeConnection {
  /** Without a listener, events are dropped; with one, the process stays alive for them. */
  listen(listener: (event: NativeEvent) => void): void;
  unlisten(): void;
  createDomain(
    xml: string,
    paused: boolean,
    autodestroy: boolean,
    validate: boolean,
  ): Promise<NativeDomain>;
  lookupDomain(name: string): Promise<NativeDomain>;
  listDomains(): Promise<NativeDomain[]>;
  /** A million for each major version, a thousand for each minor one. */
  version(): Promise<number>;
  capabilities(): Promise<string>;
  domainCapabilities(
    emulator?: string,
    arch?: string,
    machine?: string,
    virtType?: string,
  ): Promise<string>;
  /** virCPUCompareResult. */
  compareCpu(
    cpuXml: string,
    emulator?: string,
    arch?: string,
    machine?: string,
    virtType?: string,
  ): Promise<number>;
  /** Waits `patience` milliseconds for calls under way; resolves to the references that are left. */
  close(patience: number): Promise<number>;
}

export interface NativeDomain {
  readonly name: string;
  readonly uuid: string;
  /** virDomainState and the reason's number within it. */
  state(): Promise<[number, number]>;
  xml(): Promise<string>;
  inactiveXml(): Promise<string>;
  destroy(): Promise<void>;
  shutdown(): Promise<void>;
  reset(): Promise<void>;
  suspend(): Promise<void>;
  resume(): Promise<void>;
  save(path: string): Promise<void>;
  managedSave(): Promise<void>;
  /** 1 or 0. */
  hasManagedSave(): Promise<number>;
  abortJob(): Promise<void>;
  monitorCommand(json: string): Promise<string>;
  /** By libvirt's names (VIR_DOMAIN_BLOCK_STATS_…). */
  blockStatistics(disk: string): Promise<Readonly<Record<string, number>>>;
  screenshot(screen: number): Promise<{ mimeType: string; data: Buffer }>;
}

/** Which fields mean something depends on the type; the others are empty or 0. */
export interface NativeEvent {
  readonly type: 'lifecycle' | 'reboot' | 'io-error' | 'closed';
  readonly name: string;
  readonly uuid: string;
  /** virDomainEventType, virDomainEventIOErrorAction or virConnectCloseReason. */
  readonly number: number;
  readonly detail: number;
  readonly path: string;
  readonly device: string;
  readonly reason: string;
}

const ADDON = 'native/libvirt/build/Release/libvirt.node';

/**
 * Loads the addon.
 *
 * @throws VmnetxError `host-not-built` when it is not there or of another build; `host-no-libvirt`
 *   when libvirt's own libraries are not installed.
 */
export function loadAddon(path?: string): Addon {
  try {
    return loadNative(ADDON, isAddon, path);
  } catch (error) {
    throw error instanceof Error && error.cause !== undefined ? loadingFailure(error.cause) : error;
  }
}

/** What the failure to load the addon means for the user. */
export function loadingFailure(cause: unknown): VmnetxError {
  const detail = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
  return /\blibvirt(-qemu)?\.so/.test(detail)
    ? fail('host-no-libvirt', {}, { cause, detail })
    : fail('host-not-built', { part: ADDON }, { cause, detail });
}

/** The addon is built from this checkout: what its functions return is taken as declared above. */
function isAddon(value: unknown): value is Addon {
  return (
    typeof value === 'object' &&
    value !== null &&
    'open' in value &&
    typeof value.open === 'function'
  );
}
