import { setTimeout as delay } from 'node:timers/promises';
import type { NativeDomain } from './addon.js';
import { readReply } from './monitor.js';
import { translated } from './libvirt-error.js';
import { domainState, type DomainState } from './names.js';

/** What a guest did to one disk since it was started. */
export interface BlockStatistics {
  readonly readRequests: number;
  /** Bytes. */
  readonly readBytes: number;
  readonly writeRequests: number;
  /** Bytes. */
  readonly writeBytes: number;
  readonly flushRequests: number;
}

/** A picture of a guest's screen: `image/png`, or `image/x-portable-pixmap` from older QEMU. */
export interface Screenshot {
  readonly mimeType: string;
  readonly data: Buffer;
}

/**
 * A domain of an open connection. Calls run beside each other, each on a thread and a line to libvirt
 * of its own (the daemon serves twenty at a time). All reject with LibvirtError: `noDomain` once the
 * domain is gone, `invalidConnection` once the connection is.
 *
 * Calls marked with (monitor) ask QEMU and wait for as long as it is stuck, for instance in a read
 * of the guest's memory that does not come back. `destroy` and `state` get through meanwhile; the
 * `destroy` of a QEMU that does not react takes ten seconds.
 */
export interface Domain {
  readonly name: string;
  readonly uuid: string;
  state(): Promise<DomainState>;
  /** The live XML, with aliases and addresses filled in. */
  xml(): Promise<string>;
  /** The XML with which it is started the next time. */
  inactiveXml(): Promise<string>;
  /** Ends QEMU, as if the plug was pulled: SIGTERM, after some seconds SIGKILL. */
  destroy(): Promise<void>;
  /** Presses the ACPI power button; the guest decides what to do about it. (monitor) */
  shutdown(): Promise<void>;
  /** Presses the reset button. (monitor) */
  reset(): Promise<void>;
  /** Stops the guest's processors. (monitor) */
  suspend(): Promise<void>;
  /** Lets the guest's processors go on. (monitor) */
  resume(): Promise<void>;
  /**
   * Writes the guest's state to a file and ends the domain. (monitor) An abort gives the save up,
   * lets the guest go on and rejects with the signal's reason.
   */
  save(path: string, options?: { readonly signal?: AbortSignal }): Promise<void>;
  /**
   * The same, into a file that libvirt keeps: from there the domain goes on at its next start. Not
   * for transient domains. (monitor)
   */
  managedSave(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Whether its next start goes on from what `managedSave` wrote. */
  hasManagedSave(): Promise<boolean>;
  /**
   * Sends a command to QEMU's monitor (QMP) and resolves to what it returned. (monitor)
   *
   * @throws QemuMonitorError when QEMU refuses it.
   * @example await domain.monitorCommand('query-status')
   */
  monitorCommand(execute: string, parameters?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Counters of one disk, named by its target (`hda`) or image path. (monitor) */
  blockStatistics(disk: string): Promise<BlockStatistics>;
  /** (monitor) */
  screenshot(screen?: number): Promise<Screenshot>;
}

/** A save starts its job a moment after the call: until then there is nothing to give up. */
const ABORT_RETRY_MILLISECONDS = 100;

export function wrapDomain(native: NativeDomain): Domain {
  return {
    name: native.name,
    uuid: native.uuid,
    state: async () => domainState(...(await translated(native.state()))),
    xml: () => translated(native.xml()),
    inactiveXml: () => translated(native.inactiveXml()),
    destroy: () => translated(native.destroy()),
    shutdown: () => translated(native.shutdown()),
    reset: () => translated(native.reset()),
    suspend: () => translated(native.suspend()),
    resume: () => translated(native.resume()),
    save: (path, { signal } = {}) => saveUnless(native, () => native.save(path), signal),
    managedSave: ({ signal } = {}) => saveUnless(native, () => native.managedSave(), signal),
    hasManagedSave: async () => (await translated(native.hasManagedSave())) === 1,
    monitorCommand: async (execute, parameters) => {
      const command = JSON.stringify({ execute, arguments: parameters });
      return readReply(await translated(native.monitorCommand(command)));
    },
    blockStatistics: async (disk) => {
      const counters = await translated(native.blockStatistics(disk));
      return {
        readRequests: counters['rd_operations'] ?? 0,
        readBytes: counters['rd_bytes'] ?? 0,
        writeRequests: counters['wr_operations'] ?? 0,
        writeBytes: counters['wr_bytes'] ?? 0,
        flushRequests: counters['flush_operations'] ?? 0,
      };
    },
    screenshot: (screen = 0) => translated(native.screenshot(screen)),
  };
}

async function saveUnless(
  native: NativeDomain,
  save: () => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  const saved = new AbortController();
  const giveUp = (): void => void abortUntil(native, saved.signal);
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    await translated(save());
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', giveUp);
    saved.abort();
  }
}

/** Gives up the job of a domain, again and again until the save has ended one way or the other. */
async function abortUntil(native: NativeDomain, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    // Failures say that there is no job yet, or no domain any more: the save itself tells.
    await native.abortJob().catch(() => undefined);
    await delay(ABORT_RETRY_MILLISECONDS, undefined, { signal: ended }).catch(() => undefined);
  }
}
