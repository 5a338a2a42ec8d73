import type { NativeConnection, NativeEvent } from './addon.js';
import { wrapDomain, type Domain } from './domain.js';
import { decodeEvent, type ConnectionEvent } from './events.js';
import { translated } from './libvirt-error.js';
import { cpuComparison, type CpuComparison } from './names.js';

export interface CreateOptions {
  /** The guest's processors stand still until `resume`. */
  readonly paused?: boolean;
  /** The domain ends with this connection, however that ends. */
  readonly autodestroy?: boolean;
  /** Check the XML against libvirt's schema first. */
  readonly validate?: boolean;
}

/** Which emulator is asked about; what is left out is libvirt's default. */
export interface Emulation {
  /** Path of a QEMU. */
  readonly emulator?: string;
  /** `x86_64`, … */
  readonly arch?: string;
  /** `pc`, `pc-i440fx-7.2`, … */
  readonly machine?: string;
  readonly virtType?: 'kvm' | 'qemu';
}

/**
 * A connection to libvirt. By itself it does not keep the process alive; calls under way and
 * listeners do. All calls reject with LibvirtError; `invalidConnection` once the connection was
 * closed or lost.
 */
export interface Connection {
  /**
   * Starts a transient domain. Resolves once QEMU runs (or, paused, stands ready).
   *
   * @param xml domain XML; never a stranger's.
   */
  createDomain(xml: string, options?: CreateOptions): Promise<Domain>;
  /** @throws LibvirtError `noDomain` */
  lookupDomain(name: string): Promise<Domain>;
  /** Running and stopped domains, all or those whose names begin with `prefix`. */
  listDomains(options?: { readonly prefix?: string }): Promise<Domain[]>;
  /** Which libvirt answers, such as `9.0.0`. */
  version(): Promise<string>;
  /** What the host can do, as XML. */
  capabilities(): Promise<string>;
  /** What an emulator can do for a domain, as XML. */
  domainCapabilities(emulation?: Emulation): Promise<string>;
  /** Whether a guest with the given `<cpu>` element can run here. */
  compareCpu(cpuXml: string, emulation?: Emulation): Promise<CpuComparison>;
  /**
   * Calls `listener` for every event from now on until `close` is called, in the order in which
   * libvirt sends them. An event may come before or after the answer of the call that caused it.
   * Returns the function that ends it. After `closed` no event comes any more.
   */
  onEvent(listener: (event: ConnectionEvent) => void): () => void;
  /**
   * Refuses new calls, waits 2 s at most for those under way, and gives everything back. Resolves to
   * the number of references to libvirt's connections that are left: 0; else at least one for each
   * call still under way, and the last of them goes when that call ends. May be called twice.
   */
  close(): Promise<number>;
}

/** How long `close` waits for calls under way. */
const CLOSE_PATIENCE_MILLISECONDS = 2000;

export function wrapConnection(native: NativeConnection): Connection {
  const listeners = new Set<(event: ConnectionEvent) => void>();
  let closing: Promise<number> | undefined;
  const receive = (event: NativeEvent): void => {
    deliver(decodeEvent(event), [...listeners]);
  };
  return {
    createDomain: async (xml, { paused = false, autodestroy = false, validate = false } = {}) =>
      wrapDomain(await translated(native.createDomain(xml, paused, autodestroy, validate))),
    lookupDomain: async (name) => wrapDomain(await translated(native.lookupDomain(name))),
    listDomains: async ({ prefix = '' } = {}) => {
      const domains = await translated(native.listDomains());
      return domains.filter(({ name }) => name.startsWith(prefix)).map(wrapDomain);
    },
    version: async () => dotted(await translated(native.version())),
    capabilities: () => translated(native.capabilities()),
    domainCapabilities: ({ emulator, arch, machine, virtType } = {}) =>
      translated(native.domainCapabilities(emulator, arch, machine, virtType)),
    compareCpu: async (cpuXml, { emulator, arch, machine, virtType } = {}) =>
      cpuComparison(await translated(native.compareCpu(cpuXml, emulator, arch, machine, virtType))),
    onEvent: (listener) => {
      // A function of its own, so that one listener may be given twice.
      const own = (event: ConnectionEvent): void => {
        listener(event);
      };
      if (listeners.size === 0 && closing === undefined) native.listen(receive);
      listeners.add(own);
      return () => {
        if (listeners.delete(own) && listeners.size === 0) native.unlisten();
      };
    },
    close: () => (closing ??= translated(native.close(CLOSE_PATIENCE_MILLISECONDS))),
  };
}

function dotted(version: number): string {
  return [Math.floor(version / 1e6), Math.floor(version / 1e3) % 1e3, version % 1e3].join('.');
}

/**
 * A listener that throws must not keep the event from the others, and nothing may be thrown into
 * the addon: it surfaces as an unhandled rejection.
 */
function deliver(
  event: ConnectionEvent,
  listeners: readonly ((event: ConnectionEvent) => void)[],
): void {
  for (const listener of listeners) {
    void new Promise<void>((resolve) => {
      listener(event);
      resolve();
    });
  }
}
