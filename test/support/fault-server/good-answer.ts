import { bodyOf, shortAnswer, type Answer, type SeenRequest, type Span } from './answer.js';
import type { ServedFile } from './served-file.js';

/** What a web server without faults answers (RFC 9110, 13.2.2 and 14). */
export function goodAnswer(request: SeenRequest, file: ServedFile | null): Answer {
  const { method } = request;
  if (method !== 'GET' && method !== 'HEAD') return shortAnswer(405, { allow: 'GET, HEAD' });
  if (file === null) return shortAnswer(404);
  if (!preconditionHolds(request, file)) return shortAnswer(412);

  const range = method === 'GET' && ifRangeHolds(request, file) ? rangeOf(request) : null;
  if (range === null) return fileAnswer(file, null);
  const span = resolveRange(range, file.size);
  if (span !== null) return fileAnswer(file, span);
  return shortAnswer(416, { 'content-range': `bytes */${file.size}` });
}

/** The part that a request asks for and that the file has; null if there is none. */
export function requestedSpan(request: SeenRequest, file: ServedFile | null): Span | null {
  const range = rangeOf(request);
  return file === null || range === null ? null : resolveRange(range, file.size);
}

function fileAnswer(file: ServedFile, span: Span | null): Answer {
  const { first, last } = span ?? { first: 0, last: file.size - 1 };
  const headers: Record<string, string> = {
    'content-type': 'application/octet-stream',
    'accept-ranges': 'bytes',
    'content-length': String(last + 1 - first),
  };
  if (file.etag !== null) headers['etag'] = file.etag;
  if (file.lastModified !== null) headers['last-modified'] = file.lastModified.toUTCString();
  if (span !== null) headers['content-range'] = `bytes ${first}-${last}/${file.size}`;
  const body = file.size === 0 ? bodyOf() : file.read(first, last + 1 - first);
  return { ...shortAnswer(span === null ? 200 : 206), headers, body };
}

function preconditionHolds({ headers }: SeenRequest, file: ServedFile): boolean {
  const tags = headers['if-match'];
  if (tags !== undefined) return tags === '*' || tags.split(/\s*,\s*/).some(isStrongTagOf(file));
  const since = Date.parse(headers['if-unmodified-since'] ?? '');
  if (Number.isNaN(since) || file.lastModified === null) return true;
  // HTTP's dates have no parts of a second.
  return Math.floor(file.lastModified.getTime() / 1000) * 1000 <= since;
}

/** Whether a range may be answered although If-Range stands in the request. */
function ifRangeHolds({ headers }: SeenRequest, file: ServedFile): boolean {
  const validator = headers['if-range'];
  if (typeof validator !== 'string' || isStrongTagOf(file)(validator)) return true;
  return validator === file.lastModified?.toUTCString();
}

function isStrongTagOf({ etag }: ServedFile): (tag: string) => boolean {
  return (tag) => tag === etag && !tag.startsWith('W/');
}

interface Range {
  readonly first: number | null;
  readonly last: number | null;
}

/** One range in bytes; what else a header says may be ignored, and several ranges are. */
function rangeOf({ headers }: SeenRequest): Range | null {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '') ?? [];
  const range = { first: numberOf(first), last: numberOf(last) };
  if (range.first === null) return range.last === null ? null : range;
  return range.last !== null && range.last < range.first ? null : range;
}

function numberOf(digits: string | undefined): number | null {
  return digits === undefined || digits === '' ? null : Number(digits);
}

function resolveRange({ first, last }: Range, size: number): Span | null {
  const end = size - 1;
  if (first === null) {
    return last === 0 || size === 0 ? null : { first: Math.max(0, size - (last ?? 0)), last: end };
  }
  return first > end ? null : { first, last: Math.min(last ?? end, end) };
}
