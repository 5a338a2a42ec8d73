import { fail } from '../errors/index.js';
import type { PackageUrl } from '../reference/index.js';
import {
  FULL_REACH,
  type Access,
  type LoginHandler,
  type Reach,
  type SiteCredentials,
} from './access.js';
import { AddressGuard } from './address-guard.js';
import type { Addressing } from './addressing.js';
import { parseChallenges, type Challenge } from './challenge.js';
import { CookieJar } from './cookie-jar.js';
import { endpointOf, type Endpoint } from './endpoint.js';
import type { HeadReceiver } from './exchange.js';
import type { FetchCounters } from './fetch-counters.js';
import { HttpClient } from './http-client.js';
import { Login } from './login.js';
import { isRedirect, redirectTarget } from './redirect.js';
import type { HttpTimeouts } from './timeouts.js';

/** So often one request is sent for the sake of a log-in; more is a server that never lets in. */
const MAX_TRIES = 8;

/** A request, without what the session adds. */
export interface Ask {
  readonly headers: Readonly<Record<string, string>>;
  readonly receive: HeadReceiver;
  /** Whether an answer of this status is not to be believed; then it is not received. */
  readonly isDoubtful: (status: number) => boolean;
}

/** What became of a request: its answer was received, or doubted, or leads elsewhere. */
export type Outcome = 'received' | 'doubted' | Endpoint;

/** What a request brought, as far as it is known. */
interface Answer {
  outcome: Outcome;
  /** Where it was refused for want of a log-in: how to log in. */
  challenges: readonly Challenge[] | null;
}

interface SessionOptions {
  readonly url: PackageUrl;
  readonly access: Access | null;
  readonly onLogin: LoginHandler | null;
  readonly timeouts: HttpTimeouts;
  readonly counters: FetchCounters;
  readonly addressing: Addressing;
}

/** The connections to public servers, or to all. */
interface Way {
  readonly guard: AddressGuard;
  readonly client: HttpClient;
}

/** Requests with cookies and log-ins, each sent only where it belongs. Does not follow redirects. */
export class HttpSession {
  readonly #options: Pick<SessionOptions, 'timeouts' | 'counters' | 'addressing'>;
  readonly #reach: Reach;
  /** By whether they lead to public servers only: a connection to a private one is for none else. */
  readonly #ways = new Map<boolean, Way>();
  readonly #cookies: CookieJar;
  readonly #onLogin: LoginHandler | null;
  readonly #known: readonly SiteCredentials[];
  /** By origin. */
  readonly #logins = new Map<string, Login>();
  readonly #first: Endpoint;
  readonly #closed = new AbortController();

  /** @throws VmnetxError `network-proxy` */
  constructor(options: SessionOptions) {
    const { url, access, onLogin } = options;
    this.#options = options;
    this.#reach = access?.reach ?? FULL_REACH;
    this.#first = endpointOf(url, !this.#reach.privateNetworks);
    this.#way(this.#first);
    this.#cookies = new CookieJar(access?.cookies ?? []);
    this.#onLogin = onLogin;
    const { origin } = this.#first;
    const named = url.credentials === null ? [] : [{ origin, ...url.credentials }];
    this.#known = [...named, ...(access?.credentials ?? [])];
  }

  /** Where the session begins. */
  get first(): Endpoint {
    return this.#first;
  }

  /** Aborted when the session is closed. */
  get signal(): AbortSignal {
    return this.#closed.signal;
  }

  /** The session as it is now, for another process to go on with. */
  access(): Access {
    const current = [...this.#logins].flatMap(([origin, { credentials }]) =>
      credentials === null ? [] : [{ origin, ...credentials }],
    );
    const others = this.#known.filter(({ origin }) => !this.#logins.has(origin));
    const reach = this.#reach;
    return { credentials: [...current, ...others], cookies: this.#cookies.records, reach };
  }

  /** Whether what this server names must not lead into a private network. */
  namesPublicOnly(endpoint: Endpoint): boolean {
    return endpoint.publicOnly || !this.#way(endpoint).guard.isPrivate(endpoint.hostname);
  }

  /** What a request to there says of itself besides its URL: two equal ones get the same answer. */
  cookies(endpoint: Endpoint): string {
    return this.#cookies.header(endpoint) ?? '';
  }

  /**
   * Asks at one address, and logs in if need be.
   *
   * @throws VmnetxError `network-…`, `server-…`; what the signal says when it is aborted, and what
   *   `receive` throws
   */
  async get(endpoint: Endpoint, ask: Ask, signal: AbortSignal): Promise<Outcome> {
    this.#closed.signal.throwIfAborted();
    const login = this.#loginOf(endpoint);
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const authorization = login.authorization(endpoint.target);
      const cookie = this.#cookies.header(endpoint);
      const headers = {
        ...ask.headers,
        ...(cookie === null ? {} : { cookie }),
        ...(authorization.header === null ? {} : { authorization: authorization.header }),
      };
      const answer: Answer = { outcome: 'received', challenges: null };
      const receive: HeadReceiver = (head) => {
        const { status } = head;
        this.#cookies.take(endpoint, head.all('set-cookie'));
        if (status !== 401) login.accepted(authorization);
        if (isRedirect(status)) {
          answer.outcome = redirectTarget(
            endpoint,
            head.header('location'),
            this.namesPublicOnly(endpoint),
          );
          return null;
        }
        // A log-in that is refused may only have to be renewed.
        const renewable = status === 401 && authorization.header !== null;
        if (ask.isDoubtful(status) && !renewable) {
          answer.outcome = 'doubted';
          return null;
        }
        if (status === 401) {
          answer.challenges = parseChallenges(head.header('www-authenticate') ?? '');
          return null;
        }
        return ask.receive(head);
      };
      await this.#way(endpoint).client.get(endpoint, headers, receive, signal);
      if (answer.challenges === null) return answer.outcome;
      await login.refused(answer.challenges, authorization, signal);
    }
    throw fail('server-login-refused', { host: endpoint.url.host });
  }

  /** Ends all connections and questions at once; requests under way fail. May be called twice. */
  async close(): Promise<void> {
    this.#closed.abort();
    await Promise.all([...this.#ways.values()].map(({ client }) => client.close()));
  }

  #way({ publicOnly }: Endpoint): Way {
    const existing = this.#ways.get(publicOnly);
    if (existing !== undefined) return existing;
    const { timeouts, counters, addressing } = this.#options;
    const guard = new AddressGuard(publicOnly, this.#reach.privateHosts, addressing);
    const way = { guard, client: new HttpClient(timeouts, counters, guard) };
    this.#ways.set(publicOnly, way);
    return way;
  }

  #loginOf(endpoint: Endpoint): Login {
    const { origin } = endpoint;
    const existing = this.#logins.get(origin);
    if (existing !== undefined) return existing;
    const found = this.#known.find((credentials) => credentials.origin === origin);
    const login = new Login({
      endpoint,
      credentials:
        found === undefined ? null : { username: found.username, password: found.password },
      onLogin: this.#onLogin,
      signal: this.#closed.signal,
    });
    this.#logins.set(origin, login);
    return login;
  }
}
