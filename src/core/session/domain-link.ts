import { setTimeout as sleep } from 'node:timers/promises';
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
    this.#unlisten = this.#listen();
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

  #listen(): () => void {
    return this.#connection.onEvent((event) => {
      if (event.type === 'closed') this.#renewing = this.#renew(event.reason);
      else if (event.domain.name === this.#name) this.#listener.onEvent(event);
    });
  }

  async #renew(reason: string): Promise<void> {
    const end = performance.now() + PATIENCE_MILLISECONDS;
    this.#unlisten();
    this.#listener.onBroken(reason);
    for (;;) {
      try {
        await this.#connect();
        if (!this.#closing.signal.aborted) this.#listener.onRenewed();
        return;
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        const gone = isLibvirtError(error, libvirtCode.noDomain);
        if (gone || performance.now() > end) {
          const lost = fail('host-libvirt-lost', {}, { cause: error, detail: reason });
          this.#listener.onLost(gone ? fail('host-machine-stopped', {}, { cause: error }) : lost);
          return;
        }
        await sleep(RETRY_MILLISECONDS, undefined, { signal: this.#closing.signal }).catch(
          () => undefined,
        );
      }
    }
  }

  async #connect(): Promise<void> {
    const last = this.#connection;
    const wasOwn = this.#own;
    const fresh = await openConnection({ signal: this.#closing.signal });
    try {
      await fresh.lookupDomain(this.#name);
    } catch (error) {
      await fresh.close();
      throw error;
    }
    this.#connection = fresh;
    this.#own = true;
    this.#unlisten = this.#listen();
    if (wasOwn) await last.close();
  }
}
