import { fail, type VmnetxError } from '../errors/index.js';
import type { PackageUrl } from '../reference/index.js';
import type { Head } from './exchange.js';
import type { Validators } from './opened-source.js';
import { retryAfterOf } from './retry-after.js';

/** The range that an answer claims to hold: bytes `start` to `end`, both included. */
export interface ContentRange {
  readonly start: number;
  readonly end: number;
  /** Size of the whole file, in bytes. */
  readonly total: number;
}

/** What the server says of the file's version. */
export function validatorsOf(head: Head): Validators {
  return { etag: head.header('etag'), lastModified: head.header('last-modified') };
}

/** The header that asks a server to answer only if the file is still the same. */
export function precondition({ etag, lastModified }: Validators): Readonly<Record<string, string>> {
  // A weak tag would make If-Match fail always (RFC 9110, 13.1.1).
  if (etag !== null && /^"[^"]*"$/.test(etag)) return { 'if-match': etag };
  return lastModified === null ? {} : { 'if-unmodified-since': lastModified };
}

/**
 * Reads Content-Range and refuses a body that is not simply the bytes of one range.
 *
 * @throws VmnetxError `server-answer`
 */
export function contentRangeOf(head: Head, url: PackageUrl): ContentRange {
  if (isEncoded(head)) throw wrongAnswer(url, 'it compresses parts of a file');
  if (/^multipart\//i.test(head.header('content-type') ?? '')) {
    throw wrongAnswer(url, 'it sends several parts where one was asked for');
  }
  const header = head.header('content-range');
  const [, start, end, total] =
    /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16})$/.exec(header ?? '') ?? [];
  const range = { start: Number(start), end: Number(end), total: Number(total) };
  if (!Number.isSafeInteger(range.total) || range.end >= range.total) {
    throw wrongAnswer(url, 'it does not say which part of the file it sends', `Content-Range: ${header ?? ''}`); // prettier-ignore
  }
  return range;
}

export function isEncoded(head: Head): boolean {
  return (head.header('content-encoding') ?? 'identity').toLowerCase() !== 'identity';
}

/** The error for an answer that brings nothing, by its status. */
export function statusError(head: Head, url: PackageUrl): VmnetxError {
  const { status } = head;
  const { host, label } = url;
  const context = { detail: `HTTP status ${status}` };
  if (status === 200) return fail('server-no-ranges', { host }, context);
  if (status === 403) return fail('server-forbidden', { host }, context);
  if (status === 404 || status === 410) return fail('server-not-found', { url: label }, context);
  if (status === 407) return fail('network-proxy-login', { host }, context);
  if (status === 412) return fail('package-changed', { location: label }, context);
  const later = { ...context, retryAfter: retryAfterOf(head) };
  if ([408, 429, 503].includes(status)) return fail('server-busy', { host }, later);
  if (status >= 500 && status < 600) return fail('server-failed', { host }, later);
  return wrongAnswer(url, `status ${status}`);
}

export function wrongAnswer(url: PackageUrl, reason: string, detail?: string): VmnetxError {
  const context = detail === undefined ? {} : { detail };
  return fail('server-answer', { host: url.host, reason }, context);
}
