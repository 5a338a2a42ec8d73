import { setMaxListeners } from 'node:events';
import { EnvHttpProxyAgent, request } from 'undici';
import type { PackageUrl } from '../reference/index.js';
import { networkError } from './network-error.js';
import { USER_AGENT } from './user-agent.js';

/** How long a server may be silent, in milliseconds. */
export interface HttpTimeouts {
  readonly connect: number;
  /** From the request to the end of the headers. */
  readonly headers: number;
  /** Between two pieces of a body. */
  readonly stall: number;
}

export const DEFAULT_TIMEOUTS: HttpTimeouts = { connect: 10_000, headers: 30_000, stall: 30_000 };

/** Parallel requests: enough to fill a fast line over a long distance. */
const CONNECTIONS = 8;
/** How long an idle connection is kept, in milliseconds; servers usually close after 60 s or more. */
const KEEP_ALIVE = 30_000;

/** What a server answered. The body must be read or discarded. */
export interface Answer {
  readonly status: number;
  /** A header's value, or null; repeated ones are joined by commas. */
  header(name: string): string | null;
  /**
   * The body, if it has at most `maxBytes`; else null, and the connection is dropped.
   *
   * @throws VmnetxError `network-…`, `server-answer`
   */
  read(maxBytes: number): Promise<Buffer | null>;
  /** Drops the connection instead of waiting for the rest of the body. */
  discard(): void;
}

/** Requests for one file, over connections that are kept and belong to this client alone. */
export class HttpClient {
  private readonly dispatcher: EnvHttpProxyAgent;
  private closing: Promise<void> | null = null;

  constructor(
    private readonly url: PackageUrl,
    private readonly timeouts: HttpTimeouts,
  ) {
    this.dispatcher = new EnvHttpProxyAgent({
      connections: CONNECTIONS,
      keepAliveTimeout: KEEP_ALIVE,
      connectTimeout: timeouts.connect,
      // Proxies commonly refuse to tunnel to port 80.
      proxyTunnel: false,
    });
  }

  /**
   * Sends one GET request; never follows a redirect.
   *
   * @throws VmnetxError `network-…`, `server-answer`; what the signal says when it is aborted
   */
  async get(headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answer> {
    const { host, href } = this.url;
    const translate = (error: unknown): Error => {
      signal.throwIfAborted();
      return networkError(error, host);
    };
    // Many requests may wait on one signal; that is no leak.
    setMaxListeners(0, signal);
    let response;
    try {
      response = await request(href, {
        dispatcher: this.dispatcher,
        headers: { 'user-agent': USER_AGENT, 'accept-encoding': 'identity', ...headers },
        headersTimeout: this.timeouts.headers,
        bodyTimeout: this.timeouts.stall,
        signal,
      });
    } catch (error) {
      throw translate(error);
    }
    const { body, headers: received, statusCode: status } = response;
    const discard = (): void => {
      body.on('error', () => undefined).destroy();
    };
    return {
      status,
      header(name) {
        const value = received[name];
        return Array.isArray(value) ? value.join(', ') : (value ?? null);
      },
      async read(maxBytes) {
        const pieces: Uint8Array[] = [];
        let length = 0;
        try {
          for await (const piece of body) {
            if (!(piece instanceof Uint8Array)) throw new TypeError('A body of bytes was expected');
            length += piece.length;
            if (length > maxBytes) {
              discard();
              return null;
            }
            pieces.push(piece);
          }
        } catch (error) {
          throw translate(error);
        }
        return Buffer.concat(pieces, length);
      },
      discard,
    };
  }

  /** Ends all connections at once; requests under way fail. May be called twice. */
  close(): Promise<void> {
    this.closing ??= this.dispatcher.destroy();
    return this.closing;
  }
}
