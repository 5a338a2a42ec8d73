import { fail } from '../errors/index.js';
import type { PackageUrl } from '../reference/index.js';
import {
  contentRangeOf,
  isEncoded,
  precondition,
  readExactly,
  statusError,
  validatorsOf,
  wrongAnswer,
} from './answer-checks.js';
import { HttpClient, type Answer, type HttpTimeouts } from './http-client.js';
import { HEAD_BYTES, type OpenedSource, type Validators } from './opened-source.js';

interface HttpOptions {
  readonly signal: AbortSignal;
  readonly wholeUpTo: number;
  readonly timeouts: HttpTimeouts;
}

/** What the first answer says; every later one must say the same. */
interface Pin {
  readonly size: number;
  readonly validators: Validators;
  readonly head: Buffer;
  readonly ranged: boolean;
}

/**
 * Opens a file on a web server by asking for its first bytes (never for the last ones: some
 * servers and caches do not know suffix ranges).
 *
 * @throws VmnetxError `network-…`, `server-…`
 */
export async function openHttp(url: PackageUrl, options: HttpOptions): Promise<OpenedSource> {
  const client = new HttpClient(url, options.timeouts);
  try {
    return new HttpSource(url, client, await readFirst(client, url, options));
  } catch (error) {
    await client.close();
    throw error;
  }
}

async function readFirst(
  client: HttpClient,
  url: PackageUrl,
  { signal, wholeUpTo }: HttpOptions,
): Promise<Pin> {
  const answer = await client.get({ range: `bytes=0-${HEAD_BYTES - 1}` }, signal);
  try {
    const validators = validatorsOf(answer);
    if (answer.status === 200) {
      const whole = isEncoded(answer) ? null : await answer.read(wholeUpTo);
      if (whole === null || wholeUpTo === 0) throw statusError(200, url);
      return { size: whole.length, validators, head: whole, ranged: false };
    }
    if (answer.status === 416 && answer.header('content-range') === 'bytes */0') {
      return { size: 0, validators, head: Buffer.alloc(0), ranged: true };
    }
    if (answer.status !== 206) throw statusError(answer.status, url);
    const { start, end, total } = contentRangeOf(answer, url);
    const length = Math.min(HEAD_BYTES, total);
    if (start !== 0 || end !== length - 1) throw wrongAnswer(url, 'it sends another part');
    const head = await readExactly(answer, length, url);
    return { size: total, validators, head, ranged: true };
  } catch (error) {
    answer.discard();
    throw error;
  }
}

class HttpSource implements OpenedSource {
  readonly label: string;
  readonly size: number;
  readonly validators: Validators;
  readonly head: Buffer;
  readonly ranged: boolean;
  private readonly condition: Readonly<Record<string, string>>;

  constructor(
    private readonly url: PackageUrl,
    private readonly client: HttpClient,
    pin: Pin,
  ) {
    this.label = url.label;
    this.size = pin.size;
    this.validators = pin.validators;
    this.head = pin.head;
    this.ranged = pin.ranged;
    this.condition = precondition(pin.validators);
  }

  async read(offset: number, length: number, signal: AbortSignal): Promise<Buffer> {
    signal.throwIfAborted();
    if (offset + length <= this.head.length) return this.head.subarray(offset, offset + length);
    const last = offset + length - 1;
    const range = { range: `bytes=${offset}-${last}`, ...this.condition };
    const answer = await this.client.get(range, signal);
    try {
      this.check(answer, offset, last);
      return await readExactly(answer, length, this.url);
    } catch (error) {
      answer.discard();
      throw error;
    }
  }

  /** Servers ignore preconditions now and then: what counts is what the answer itself says. */
  private check(answer: Answer, first: number, last: number): void {
    const changed = () => fail('package-changed', { location: this.label });
    if (answer.status === 416) throw changed();
    if (answer.status !== 206) throw statusError(answer.status, this.url);
    const { start, end, total } = contentRangeOf(answer, this.url);
    const { etag, lastModified } = validatorsOf(answer);
    const same =
      total === this.size &&
      etag === this.validators.etag &&
      lastModified === this.validators.lastModified;
    if (!same) throw changed();
    if (start !== first || end !== last) throw wrongAnswer(this.url, 'it sends another part');
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
