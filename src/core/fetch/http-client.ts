import { setMaxListeners } from 'node:events';
import type { Dispatcher } from 'undici';
import { makeDispatcher } from './dispatcher.js';
import type { Endpoint } from './endpoint.js';
import { Exchange, type HeadReceiver } from './exchange.js';
import type { FetchCounters } from './fetch-counters.js';
import type { HttpTimeouts } from './timeouts.js';
import { USER_AGENT } from './user-agent.js';

/** GET requests over connections that are kept and belong to this client alone. */
export class HttpClient {
  readonly #dispatcher: Dispatcher;
  readonly #timeouts: HttpTimeouts;
  readonly #counters: FetchCounters;
  #closing: Promise<void> | null = null;

  /** @throws VmnetxError `network-proxy` */
  constructor(timeouts: HttpTimeouts, counters: FetchCounters) {
    this.#timeouts = timeouts;
    this.#counters = counters;
    this.#dispatcher = makeDispatcher(timeouts, counters);
  }

  /**
   * Sends one request; never follows a redirect. Fulfilled when the answer was received as a whole,
   * or as soon as it is known that nobody wants it.
   *
   * @throws VmnetxError `network-…`, `server-answer`; what the signal says when it is aborted, and
   *   what `receive` throws
   */
  get(
    { origin, target, url }: Endpoint,
    headers: Readonly<Record<string, string>>,
    receive: HeadReceiver,
    signal: AbortSignal,
  ): Promise<void> {
    signal.throwIfAborted();
    // Many requests may wait on one signal; that is no leak.
    setMaxListeners(0, signal);
    this.#counters.requests++;
    return new Promise((resolve, reject) => {
      const settle = (error: Error | null): void => {
        if (error === null) resolve();
        else reject(error);
      };
      const { host } = url;
      this.#dispatcher.dispatch(
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

  /** Ends all connections at once; requests under way fail. May be called twice. */
  close(): Promise<void> {
    this.#closing ??= this.#dispatcher.destroy();
    return this.#closing;
  }
}
