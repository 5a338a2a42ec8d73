import { fail, type VmnetxError } from '../errors/index.js';
import type { PackageUrl } from '../reference/index.js';
import type { Answer } from './http-client.js';
import type { Validators } from './opened-source.js';

/** The range that an answer claims to hold: bytes `start` to `end`, both included. */
export interface ContentRange {
  readonly start: number;
  readonly end: number;
  /** Size of the whole file, in bytes. */
  readonly total: number;
}

/** What the server says of the file's version; a weak entity tag promises too little. */
export function validatorsOf(answer: Answer): Validators {
  const etag = answer.header('etag');
  return {
    etag: etag !== null && /^"[^"]*"$/.test(etag) ? etag : null,
    lastModified: answer.header('last-modified'),
  };
}

/** The header that asks a server to answer only if the file is still the same. */
export function precondition({ etag, lastModified }: Validators): Readonly<Record<string, string>> {
  // A weak tag would make If-Match fail always (RFC 9110, 13.1.1).
  if (etag !== null) return { 'if-match': etag };
  return lastModified === null ? {} : { 'if-unmodified-since': lastModified };
}

/**
 * Reads Content-Range and refuses an encoded body.
 *
 * @throws VmnetxError `server-answer`
 */
export function contentRangeOf(answer: Answer, url: PackageUrl): ContentRange {
  if (isEncoded(answer)) throw wrongAnswer(url, 'it compresses parts of a file');
  const header = answer.header('content-range');
  const [, start, end, total] =
    /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16})$/.exec(header ?? '') ?? [];
  const range = { start: Number(start), end: Number(end), total: Number(total) };
  if (!Number.isSafeInteger(range.total) || range.end >= range.total) {
    throw wrongAnswer(url, 'it does not say which part of the file it sends', `Content-Range: ${header ?? ''}`); // prettier-ignore
  }
  return range;
}

/**
 * Reads the body of an answer that must hold exactly `length` bytes.
 *
 * @throws VmnetxError `server-answer`, `network-…`
 */
export async function readExactly(
  answer: Answer,
  length: number,
  url: PackageUrl,
): Promise<Buffer> {
  const announced = answer.header('content-length');
  if (announced !== null && announced !== String(length)) {
    throw wrongAnswer(url, 'it sends a part of another length', `Content-Length: ${announced}`);
  }
  const body = await answer.read(length);
  if (body?.length !== length) throw wrongAnswer(url, 'it sends a part of another length');
  return body;
}

export function isEncoded(answer: Answer): boolean {
  return (answer.header('content-encoding') ?? 'identity').toLowerCase() !== 'identity';
}

/** The error for an answer that brings nothing, by its status. */
export function statusError(status: number, url: PackageUrl): VmnetxError {
  const { host, label } = url;
  const context = { detail: `HTTP status ${status}` };
  if (status === 200) return fail('server-no-ranges', { host }, context);
  if (status === 401) return fail('server-login-required', { host }, context);
  if (status === 403) return fail('server-forbidden', { host }, context);
  if (status === 404 || status === 410) return fail('server-not-found', { url: label }, context);
  if (status === 412) return fail('package-changed', { location: label }, context);
  if ([301, 302, 303, 307, 308].includes(status)) return fail('server-redirect', { host }, context);
  if ([408, 429, 503].includes(status)) return fail('server-busy', { host }, context);
  if (status >= 500 && status < 600) return fail('server-failed', { host }, context);
  return wrongAnswer(url, `status ${status}`);
}

export function wrongAnswer(url: PackageUrl, reason: string, detail?: string): VmnetxError {
  const context = detail === undefined ? {} : { detail };
  return fail('server-answer', { host: url.host, reason }, context);
}
