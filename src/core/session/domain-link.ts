import { setTimeout as sleep } from 'node:timers/promises';
import { untilAborted } from '../disposal/index.js';
import { fail, type VmnetxError } from '../errors/index.js';
import {
  isLibvirtError,
  libvirtCode,
  openConnection,
  type Connection,
  type ConnectionEvent,
  type Domain,
} from '../libvirt/index.js';

/** How long libvirt's daemon may be away before its machine is given up, in milliseconds. */
const PATIENCE_MILLISECONDS = 10_000;
const RETRY_MILLISECONDS = 250;

/** What can happen to a domain. */
export type DomainEvent = Exclude<ConnectionEvent, { type: 'closed' }>;

/** What a link tells of its domain. */
export interface DomainLinkListener {
  readonly onEvent: (event: DomainEvent) => void;
  /** @param reason libvirt's word */
  readonly onBroken: (reason: string) => void;
  /** The link was broken and is whole again; there may have been events that nobody heard of. */
  readonly onRenewed: () => void;
  readonly onLost: (error: VmnetxError) => void;
  /** Nothing is told any more. */
  readonly onClose: () => void;
}

/**
 * The way to one domain. QEMU outlives libvirt's daemon, and the next daemon finds it again: so a
 * connection that was lost is replaced by a new one.
 */
export class DomainLink {
  readonly #name: string;
  readonly #listener: DomainLinkListener;
  readonly #closing = new AbortController();
  #connection: Connection;
  #unlisten: () => void;
  /** Whether it is this object that closes the connection: the first is its giver's. */
  #own = false;
  #renewing: Promise<void> = Promise.resolve();

  /** @param connection stays the caller's */
  constructor(connection: Connection, name: string, listener: DomainLinkListener) {
    this.#connection = connection;
    this.#name = name;
    this.#listener = listener;
    this.#unlisten = this.#listen(connection, (reason) => {
      this.#broken(reason);
    });
  }

  /**
   * The domain, once a broken link is whole again.
   *
   * @throws LibvirtError `noDomain`, `invalidConnection`
   */
  async domain(): Promise<Domain> {
    await this.#renewing;
    return this.#connection.lookupDomain(this.#name);
  }

  /** Listens no longer, and closes what it opened. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#unlisten();
    this.#listener.onClose();
    await this.#renewing;
    if (this.#own) await this.#connection.close();
  }

  /** @param connection whose events are the domain's as soon as it is the link's */
  #listen(connection: Connection, onClosed: (reason: string) => void): () => void {
    return connection.onEvent((event) => {
      if (event.type === 'closed') onClosed(event.reason);
      else if (event.domain.name === this.#name) this.#listener.onEvent(event);
    });
  }

  #broken(reason: string): void {
    this.#unlisten();
    this.#listener.onBroken(reason);
    this.#renewing = this.#renew(reason);
  }

  async #renew(reason: string): Promise<void> {
    const patience = AbortSignal.timeout(PATIENCE_MILLISECONDS);
    const signal = AbortSignal.any([this.#closing.signal, patience]);
    for (;;) {
      try {
        await this.#connect(signal);
        if (!this.#closing.signal.aborted) this.#listener.onRenewed();
        return;
      } catch (cause) {
        if (this.#closing.signal.aborted) return;
        if (isLibvirtError(cause, libvirtCode.noDomain)) {
          this.#listener.onLost(fail('host-machine-stopped', {}, { cause }));
          return;
        }
        if (patience.aborted) {
          this.#listener.onLost(fail('host-libvirt-lost', {}, { cause, detail: reason }));
          return;
        }
        await sleep(RETRY_MILLISECONDS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #connect(signal: AbortSignal): Promise<void> {
    const fresh = await openConnection({ signal });
    const watch = { closed: false };
    // Before it is asked for the domain: nothing that happens afterwards is missed.
    const unlisten = this.#listen(fresh, (reason) => {
      if (this.#connection === fresh) this.#broken(reason);
      else watch.closed = true;
    });
    try {
      await untilAborted(fresh.lookupDomain(this.#name), signal);
      if (watch.closed) throw new Error('the new connection is closed already');
    } catch (error) {
      unlisten();
      await fresh.close();
      throw error;
    }
    const last = this.#own ? this.#connection : null;
    [this.#connection, this.#own, this.#unlisten] = [fresh, true, unlisten];
    await last?.close();
  }
}
