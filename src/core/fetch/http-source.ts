import { fail, type VmnetxError } from '../errors/index.js';
import type { ByteReceiver } from '../range/index.js';
import type { PackageUrl } from '../reference/index.js';
import type { Access, LoginHandler } from './access.js';
import type { Addressing } from './addressing.js';
import { contentRangeOf, precondition, statusError, validatorsOf, wrongAnswer } from './answer-checks.js'; // prettier-ignore
import { exactBody } from './exact-body.js';
import type { Head } from './exchange.js';
import type { FetchCounters } from './fetch-counters.js';
import { readFirst, type Pin } from './first-answer.js';
import { HttpSession } from './http-session.js';
import type { OpenedSource, Validators } from './opened-source.js';
import { RedirectedFile, type FileAsk } from './redirected-file.js';
import type { HttpTimeouts } from './timeouts.js';
import { withRetries, type RetryOptions } from './with-retries.js';

interface HttpOptions {
  readonly signal: AbortSignal;
  readonly wholeUpTo: number;
  readonly timeouts: HttpTimeouts;
  readonly access: Access | null;
  readonly onLogin: LoginHandler | null;
  readonly counters: FetchCounters;
  readonly onRetry: ((error: VmnetxError) => void) | null;
  readonly addressing: Addressing;
}

/**
 * Opens a file on a web server by asking for its first bytes.
 *
 * @throws VmnetxError `network-…`, `server-…`
 */
export async function openHttp(url: PackageUrl, options: HttpOptions): Promise<OpenedSource> {
  const { wholeUpTo, signal, timeouts, counters, onRetry } = options;
  const session = new HttpSession({ url, ...options });
  const file = new RedirectedFile(session);
  const patience = { pause: timeouts.retry, counters, onRetry };
  try {
    const first = () => readFirst(file, url, wholeUpTo, signal);
    const pin = await withRetries(first, { ...patience, signal });
    return new HttpSource(url, session, file, pin, patience);
  } catch (error) {
    await session.close();
    throw error;
  }
}

type Patience = Omit<RetryOptions, 'signal'>;

class HttpSource implements OpenedSource {
  readonly label: string;
  readonly size: number;
  readonly validators: Validators;
  readonly head: Buffer;
  readonly ranged: boolean;
  readonly #url: PackageUrl;
  readonly #session: HttpSession;
  readonly #file: RedirectedFile;
  readonly #patience: Patience;

  constructor(
    url: PackageUrl,
    session: HttpSession,
    file: RedirectedFile,
    { size, validators, head, ranged }: Pin,
    patience: Patience,
  ) {
    this.label = url.label;
    this.size = size;
    this.validators = validators;
    this.head = head;
    this.ranged = ranged;
    this.#url = url;
    this.#session = session;
    this.#file = file;
    this.#patience = patience;
  }

  /** Goes on where a connection broke, a few times. */
  async read(offset: number, length: number, signal: AbortSignal): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(length);
    let done = 0;
    const onBytes = (bytes: Uint8Array): null => {
      buffer.set(bytes, done);
      done += bytes.length;
      return null;
    };
    const rest = async (): Promise<void> => {
      try {
        await this.stream(offset + done, length - done, onBytes, signal);
      } catch (error) {
        if (done < length) throw error;
      }
    };
    await withRetries(rest, { ...this.#patience, signal });
    return buffer;
  }

  async stream(
    offset: number,
    length: number,
    onBytes: ByteReceiver,
    signal: AbortSignal,
  ): Promise<void> {
    signal.throwIfAborted();
    // There are no ranges of no bytes.
    if (length === 0) return;
    if (offset + length <= this.head.length) {
      // A copy: what is handed over belongs to the receiver.
      await onBytes(Buffer.from(this.head.subarray(offset, offset + length)));
      return;
    }
    await this.#file.get(
      this.#ask(offset, length, onBytes),
      this.#ask(0, 1, () => null),
      signal,
    );
  }

  #ask(offset: number, length: number, onBytes: ByteReceiver): FileAsk {
    const last = offset + length - 1;
    return {
      headers: { range: `bytes=${offset}-${last}`, ...precondition(this.validators) },
      receive: (head) => {
        this.#check(head, offset, last);
        return exactBody(head, length, this.#url, onBytes);
      },
    };
  }

  /** Servers ignore preconditions now and then: what counts is what the answer itself says. */
  #check(head: Head, first: number, last: number): void {
    const changed = () => fail('package-changed', { location: this.label });
    if (head.status === 416) throw changed();
    if (head.status !== 206) throw statusError(head, this.#url);
    const { start, end, total } = contentRangeOf(head, this.#url);
    const { etag, lastModified } = validatorsOf(head);
    const same =
      total === this.size &&
      etag === this.validators.etag &&
      lastModified === this.validators.lastModified;
    if (!same) throw changed();
    if (start !== first || end !== last) throw wrongAnswer(this.#url, 'it sends another part');
  }

  access(): Access {
    return this.#session.access();
  }

  onwardAccess(): Access {
    const { reach, ...gathered } = this.#session.access();
    const privateNetworks = !this.#session.namesPublicOnly(this.#file.resolved);
    return { ...gathered, reach: { ...reach, privateNetworks } };
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}
