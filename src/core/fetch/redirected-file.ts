import { untilAborted } from '../disposal/index.js';
import type { Endpoint } from './endpoint.js';
import type { Ask, HttpSession, Outcome } from './http-session.js';
import { redirectError } from './redirect.js';

const MAX_REDIRECTS = 5;
/** What a server says of an address that was good once: signed addresses end after minutes. */
const EXPIRED: readonly number[] = [400, 401, 403, 404, 410];

/** A request for the file, wherever it is. */
export type FileAsk = Omit<Ask, 'isDoubtful'>;

/**
 * A file that may be elsewhere than its address says: redirects are followed, and what they led to
 * is kept. When that address has expired, the original one is resolved again, once for all requests
 * that wait for it.
 */
export class RedirectedFile {
  readonly #session: HttpSession;
  readonly #original: Endpoint;
  #resolved: Endpoint;
  #resolving: Promise<void> | null = null;

  constructor(session: HttpSession) {
    this.#session = session;
    this.#original = session.first;
    this.#resolved = this.#original;
  }

  /** Where it was received last. */
  get resolved(): Endpoint {
    return this.#resolved;
  }

  /**
   * Asks for the file.
   *
   * @param probe a request for as little of it as possible, which throws if it is another file
   * @throws VmnetxError `network-…`, `server-…`; what the signal says when it is aborted, and what
   *   the receivers throw
   */
  async get(ask: FileAsk, probe: FileAsk | null, signal: AbortSignal): Promise<void> {
    const start = this.#resolved;
    const doubts = probe !== null && start !== this.#original;
    const outcome = await this.#follow(start, ask, doubts, signal);
    if (outcome !== 'doubted' || probe === null) return;
    if (this.#resolved === start) {
      this.#resolving ??= this.#resolve(probe).finally(() => (this.#resolving = null));
    }
    if (this.#resolving !== null) await untilAborted(this.#resolving, signal);
    await this.#follow(this.#resolved, ask, false, signal);
  }

  async #resolve(probe: FileAsk): Promise<void> {
    await this.#follow(this.#original, probe, false, this.#session.signal);
  }

  /** Follows redirects, and remembers where an answer was received. */
  async #follow(
    start: Endpoint,
    ask: FileAsk,
    doubts: boolean,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const seen = new Set<string>();
    let at = start;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const here = at;
      const visit = `${here.url.href} ${this.#session.cookies(here)}`;
      if (seen.has(visit)) throw redirectError(here.url, 'it leads in a circle');
      seen.add(visit);
      const outcome = await this.#session.get(
        here,
        {
          headers: ask.headers,
          receive: (head) => {
            const receiver = ask.receive(head);
            this.#resolved = here;
            return receiver;
          },
          isDoubtful: (status) => doubts && redirects === 0 && EXPIRED.includes(status),
        },
        signal,
      );
      if (outcome === 'received' || outcome === 'doubted') return outcome;
      at = outcome;
    }
    throw redirectError(at.url, `it leads on more than ${MAX_REDIRECTS} times`);
  }
}
