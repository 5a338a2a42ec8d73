import { untilAborted } from '../disposal/index.js';
import { fail, type VmnetxError } from '../errors/index.js';
import type { Credentials } from '../reference/index.js';
import { cleanText } from '../text/index.js';
import type { LoginHandler } from './access.js';
import type { Challenge } from './challenge.js';
import { DigestAnswers, digestRank } from './digest.js';
import type { Endpoint } from './endpoint.js';

/** So many wrong answers, and nobody is asked any more: sites lock accounts after a few. */
const MAX_WRONG = 3;
const MAX_REALM_LENGTH = 100;

/** What a request is sent with. */
export interface Authorization {
  /** The header's value, or null as long as the server did not ask. */
  readonly header: string | null;
  /** Which state of the log-in it was made from. */
  readonly generation: number;
}

interface LoginOptions {
  readonly endpoint: Endpoint;
  readonly credentials: Credentials | null;
  readonly onLogin: LoginHandler | null;
  /** Ends a question that is open. */
  readonly signal: AbortSignal;
}

/**
 * The log-in to one origin: Basic (RFC 7617) or Digest (RFC 7616), the best that the server offers.
 * However many requests are refused at a time, one of them asks, and the others wait for it.
 */
export class Login {
  readonly #options: LoginOptions;
  #credentials: Credentials | null;
  #answer: ((target: string) => string) | null = null;
  #generation = 0;
  #wrong = 0;
  /** Whether the credentials were accepted at least once. */
  #proven = false;
  #asking: Promise<void> | null = null;

  constructor(options: LoginOptions) {
    this.#options = options;
    this.#credentials = options.credentials;
  }

  get credentials(): Credentials | null {
    return this.#credentials;
  }

  authorization(target: string): Authorization {
    return { header: this.#answer?.(target) ?? null, generation: this.#generation };
  }

  /** A request that was sent with these was let in. */
  accepted({ header, generation }: Authorization): void {
    if (header === null || generation !== this.#generation) return;
    this.#wrong = 0;
    this.#proven = true;
  }

  /**
   * A request was refused; when this is fulfilled, it may be sent again.
   *
   * @throws VmnetxError `server-login-required`, `server-login-refused`
   */
  async refused(
    challenges: readonly Challenge[],
    used: Authorization,
    signal: AbortSignal,
  ): Promise<void> {
    if (this.#asking !== null) {
      await untilAborted(this.#asking, signal);
      return;
    }
    // Another request found out meanwhile.
    if (used.generation !== this.#generation) return;
    const challenge = bestOf(challenges);
    if (challenge === null) throw this.#required(challenges);
    if (this.#credentials !== null) {
      // A nonce that is too old says nothing about the password; not every server calls it stale.
      const renewed = challenge.scheme === 'digest' && (isStale(challenge) || this.#proven);
      if (used.header === null || renewed) {
        this.#proven = false;
        this.#use(this.#credentials, challenge);
        return;
      }
      this.#wrong++;
    }
    this.#asking = this.#ask(challenge).finally(() => (this.#asking = null));
    await untilAborted(this.#asking, signal);
  }

  async #ask(challenge: Challenge): Promise<void> {
    const { endpoint, onLogin, signal } = this.#options;
    const { host } = endpoint.url;
    if (this.#wrong > 0 && (onLogin === null || this.#wrong >= MAX_WRONG)) {
      throw fail('server-login-refused', { host });
    }
    if (onLogin === null) throw this.#required([challenge]);
    const request = {
      host,
      realm: realmOf(challenge),
      scheme: challenge.scheme === 'digest' ? 'digest' : 'basic',
      secure: endpoint.secure,
      refused: this.#wrong > 0,
      username: this.#credentials?.username ?? null,
    } as const;
    const credentials = await onLogin(request, signal);
    if (credentials === null) {
      throw request.refused ? fail('server-login-refused', { host }) : this.#required([challenge]);
    }
    this.#use(credentials, challenge);
  }

  #use(credentials: Credentials, challenge: Challenge): void {
    this.#generation++;
    this.#credentials = credentials;
    if (challenge.scheme === 'digest') {
      const answers = new DigestAnswers(challenge, credentials);
      this.#answer = (target) => answers.authorization(target);
    } else {
      const header = basic(credentials);
      this.#answer = () => header;
    }
  }

  #required(challenges: readonly Challenge[]): VmnetxError {
    const schemes = challenges.map(({ scheme }) => scheme).join(', ');
    const detail = `HTTP status 401; ways to log in: ${cleanText(schemes, MAX_REALM_LENGTH) || 'none'}`;
    return fail('server-login-required', { host: this.#options.endpoint.url.host }, { detail });
  }
}

/** The strongest Digest, else Basic; null where neither is offered. */
function bestOf(challenges: readonly Challenge[]): Challenge | null {
  const digests = challenges
    .map((challenge) => ({ challenge, rank: digestRank(challenge) ?? Infinity }))
    .filter(({ rank }) => rank < Infinity)
    .toSorted((one, other) => one.rank - other.rank);
  return digests[0]?.challenge ?? challenges.find(({ scheme }) => scheme === 'basic') ?? null;
}

function isStale({ parameters }: Challenge): boolean {
  return parameters.get('stale')?.toLowerCase() === 'true';
}

/** Shown to a person: servers send UTF-8 there, whatever the specification says. */
function realmOf({ parameters }: Challenge): string {
  const bytes = Buffer.from(parameters.get('realm') ?? '', 'latin1');
  return cleanText(bytes.toString(), MAX_REALM_LENGTH);
}

function basic({ username, password }: Credentials): string {
  const text = `${username}:${password}`.normalize('NFC');
  return `Basic ${Buffer.from(text).toString('base64')}`;
}
