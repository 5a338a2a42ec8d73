import { setMaxListeners } from 'node:events';
import type { Dispatcher } from 'undici';
import { VmnetxError } from '../errors/index.js';
import type { AddressGuard } from './address-guard.js';
import { makeDispatcher } from './dispatcher.js';
import type { Endpoint } from './endpoint.js';
import { Exchange, type HeadReceiver } from './exchange.js';
import type { FetchCounters } from './fetch-counters.js';
import type { HttpTimeouts } from './timeouts.js';
import { USER_AGENT } from './user-agent.js';

/** Connections, and for how many requests they are in use. */
interface Connections {
  readonly dispatcher: Dispatcher;
  underWay: number;
}

/**
 * GET requests over connections that are kept and belong to this client alone. After a time-out it
 * begins with new ones: where the way to the server was lost without a word (another Wi-Fi, a
 * suspended computer), all that were kept are dead, and each would cost a time-out of its own.
 */
export class HttpClient {
  readonly #timeouts: HttpTimeouts;
  readonly #counters: FetchCounters;
  readonly #guard: AddressGuard;
  /** Those for the next request. */
  #current: Connections;
  /** Those, and older ones until they have ended. */
  readonly #all = new Set<Connections>();
  #closing: Promise<void> | null = null;

  /** @throws VmnetxError `network-proxy` */
  constructor(timeouts: HttpTimeouts, counters: FetchCounters, guard: AddressGuard) {
    this.#timeouts = timeouts;
    this.#counters = counters;
    this.#guard = guard;
    this.#current = this.#begin();
  }

  /**
   * Sends one request; never follows a redirect. Fulfilled when the answer was received as a whole,
   * or as soon as it is known that nobody wants it.
   *
   * @throws VmnetxError `network-…`, `server-answer`; what the signal says when it is aborted, and
   *   what `receive` throws
   */
  async get(
    endpoint: Endpoint,
    headers: Readonly<Record<string, string>>,
    receive: HeadReceiver,
    signal: AbortSignal,
  ): Promise<void> {
    signal.throwIfAborted();
    this.#guard.check(endpoint.hostname);
    // Many requests may wait on one signal; that is no leak.
    setMaxListeners(0, signal);
    const connections = this.#current;
    connections.underWay++;
    this.#counters.requests++;
    try {
      await this.#send(connections.dispatcher, endpoint, headers, receive, signal);
    } catch (error) {
      const late = error instanceof VmnetxError && error.code === 'network-timeout';
      if (late && connections === this.#current && this.#closing === null) {
        this.#current = this.#begin();
      }
      throw error;
    } finally {
      connections.underWay--;
      if (connections.underWay === 0 && connections !== this.#current) void this.#end(connections);
    }
  }

  /** Ends all connections at once; requests under way fail. May be called twice. */
  close(): Promise<void> {
    this.#closing ??= Promise.all([...this.#all].map((connections) => this.#end(connections))).then(
      () => undefined,
    );
    return this.#closing;
  }

  #begin(): Connections {
    const dispatcher = makeDispatcher(this.#timeouts, this.#counters, this.#guard);
    const connections = { dispatcher, underWay: 0 };
    this.#all.add(connections);
    return connections;
  }

  async #end(connections: Connections): Promise<void> {
    await connections.dispatcher.destroy();
    this.#all.delete(connections);
  }

  #send(
    dispatcher: Dispatcher,
    { origin, target, url }: Endpoint,
    headers: Readonly<Record<string, string>>,
    receive: HeadReceiver,
    signal: AbortSignal,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error: Error | null): void => {
        if (error === null) resolve();
        else reject(error);
      };
      const { host } = url;
      dispatcher.dispatch(
        {
          origin,
          path: target,
          method: 'GET',
          headers: { 'user-agent': USER_AGENT, 'accept-encoding': 'identity', ...headers },
        },
        new Exchange({ host, timeouts: this.#timeouts, receive, signal, settle }),
      );
    });
  }
}
