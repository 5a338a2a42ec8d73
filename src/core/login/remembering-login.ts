import { deadline, untilAborted } from '../disposal/index.js';
import type { LoginRequest } from '../fetch/index.js';
import type { Environment } from '../places/index.js';
import type { Credentials } from '../reference/index.js';
import { readLoginName, writeLoginName } from '../settings/index.js';
import type { Keyring, Site } from './keyring.js';
import type { AskPerson } from './question.js';

/** A keyring that is there answers in some milliseconds, also if it has to be started first. */
const FIND_MILLISECONDS = 3000;
/** Somebody types the password of the keyring. */
const UNLOCK_MILLISECONDS = 60_000;

export interface RememberingOptions {
  readonly ask: AskPerson;
  /** Called at the first log-in; null where there is no keyring. */
  readonly openKeyring: () => Promise<Keyring | null>;
  /** A password that was to be kept is not. */
  readonly onNotKept: () => void;
  readonly environment: Environment;
}

/** Credentials that lie in the keyring, or are about to. */
interface Kept {
  readonly site: Site;
  readonly username: string;
  /** Whether they lay there already; else the person has just typed them. */
  readonly found: boolean;
}

/** A place where a password could be kept, and what is kept there already. */
interface Place {
  readonly keyring: Keyring | null;
  readonly found: Credentials | null;
}

/**
 * Logs in by what was kept in the keyring, or else by asking a person, one question at a time. What
 * a server refuses is kept no longer. No keyring is waited for in vain: then the person is asked.
 */
export class RememberingLogin {
  readonly #options: RememberingOptions;
  readonly #kept = new Map<string, Kept>();
  #keyring: Promise<Keyring | null> | null = null;
  /** What the last answer was, as far as it is kept. */
  #last: Kept | null = null;
  /** The questions up to now. */
  #asked: Promise<unknown> = Promise.resolve();
  /** The changes of the keyring up to now: one that is kept and refused does not stay. */
  #changed: Promise<unknown> = Promise.resolve();

  constructor(options: RememberingOptions) {
    this.#options = options;
  }

  /**
   * @param username that the command was given, or null
   * @throws the signal's reason once it is aborted
   */
  answer(
    request: LoginRequest,
    username: string | null,
    signal: AbortSignal,
  ): Promise<Credentials | null> {
    const before = this.#asked;
    const answer = untilAborted(before, signal).then(() => this.#answer(request, username, signal));
    this.#asked = Promise.allSettled([before, answer]);
    return answer;
  }

  /** The server refused the last answer, and nobody will be asked again. */
  refused(): void {
    if (this.#last !== null) this.#forget(this.#last);
    this.#last = null;
  }

  async #answer(
    request: LoginRequest,
    username: string | null,
    signal: AbortSignal,
  ): Promise<Credentials | null> {
    const site = siteOf(request);
    const refused = request.refused ? this.#kept.get(keyOf(site)) : undefined;
    if (refused !== undefined) this.#forget(refused);
    const { keyring, found } = await untilAborted(this.#find(site, username), signal);
    if (found !== null && !request.refused) {
      this.#remember({ site, username: found.username, found: true });
      return found;
    }
    const { environment, ask } = this.#options;
    const last = await readLoginName(environment, site.origin).catch(() => null);
    const question = {
      ...request,
      username: username ?? request.username ?? last,
      keptRefused: refused?.found === true,
      keepable: keyring !== null,
      keep: refused !== undefined,
    };
    const answer = await untilAborted(ask(question, signal), signal);
    this.#last = null;
    if (answer === null) return null;
    const { credentials, keep } = answer;
    // A convenience: that it is not to be had keeps nobody from logging in.
    await writeLoginName(environment, site.origin, credentials.username).catch(() => undefined);
    if (keep && keyring !== null) {
      this.#remember({ site, username: credentials.username, found: false });
      this.#change(() => keyring.keep(site, credentials), this.#options.onNotKept);
    }
    return credentials;
  }

  async #find(site: Site, username: string | null): Promise<Place> {
    this.#keyring ??= this.#options.openKeyring();
    const keyring = await this.#keyring;
    if (keyring === null) return { keyring, found: null };
    try {
      const finding = this.#changed.then(() => keyring.find(site, username));
      const kept = await deadline(finding, FIND_MILLISECONDS, 'the keyring');
      const reading = kept?.read() ?? Promise.resolve(null);
      const password = await deadline(reading, UNLOCK_MILLISECONDS, 'unlocking the keyring');
      const complete = kept !== null && password !== null;
      return { keyring, found: complete ? { username: kept.username, password } : null };
    } catch {
      return { keyring: null, found: null };
    }
  }

  #remember(kept: Kept): void {
    this.#kept.set(keyOf(kept.site), kept);
    this.#last = kept;
  }

  #forget({ site, username }: Kept): void {
    this.#kept.delete(keyOf(site));
    const forget = async (): Promise<void> => (await this.#keyring)?.forget(site, username);
    this.#change(forget, () => undefined);
  }

  /** Nothing waits for it but what is asked of the keyring next. */
  #change(change: () => Promise<void>, onFailed: () => void): void {
    this.#changed = this.#changed.then(change).catch(onFailed);
  }
}

function siteOf({ secure, host, realm, scheme }: LoginRequest): Site {
  return { origin: `${secure ? 'https' : 'http'}://${host}`, realm, scheme };
}

function keyOf({ origin, realm, scheme }: Site): string {
  return JSON.stringify([origin, realm, scheme]);
}
