import type { PackageUrl } from '../reference/index.js';
import { contentRangeOf, isEncoded, statusError, validatorsOf, wrongAnswer } from './answer-checks.js'; // prettier-ignore
import { exactBody } from './exact-body.js';
import type { BodyReceiver, Head } from './exchange.js';
import { HEAD_BYTES, type Validators } from './opened-source.js';
import type { RedirectedFile } from './redirected-file.js';

/** What the first answer says; every later one must say the same. */
export interface Pin {
  readonly size: number;
  readonly validators: Validators;
  readonly head: Buffer;
  readonly ranged: boolean;
}

/**
 * Asks for a file's first bytes, never for its last ones: some servers and caches do not know suffix
 * ranges.
 *
 * @param wholeUpTo a server without ranges may send so many bytes as a whole; 0: none
 * @throws VmnetxError `network-…`, `server-…`
 */
export async function readFirst(
  file: RedirectedFile,
  url: PackageUrl,
  wholeUpTo: number,
  signal: AbortSignal,
): Promise<Pin> {
  const found: { pin: Omit<Pin, 'head'> | null } = { pin: null };
  const pieces: Uint8Array[] = [];
  const collect = (bytes: Uint8Array): null => {
    pieces.push(bytes);
    return null;
  };
  const receive = (head: Head): BodyReceiver | null => {
    const validators = validatorsOf(head);
    if (head.status === 416 && head.header('content-range') === 'bytes */0') {
      found.pin = { size: 0, validators, ranged: true };
      return null;
    }
    if (head.status === 206) {
      const { start, end, total } = contentRangeOf(head, url);
      const length = Math.min(HEAD_BYTES, total);
      if (start !== 0 || end !== length - 1) throw wrongAnswer(url, 'it sends another part');
      found.pin = { size: total, validators, ranged: true };
      return exactBody(head, length, url, collect);
    }
    if (head.status !== 200 || wholeUpTo === 0 || isEncoded(head)) throw statusError(head, url);
    let size = 0;
    return {
      onBytes: (bytes) => {
        size += bytes.length;
        if (size > wholeUpTo) throw statusError(head, url);
        return collect(bytes);
      },
      onEnd: () => {
        found.pin = { size, validators, ranged: false };
        return null;
      },
    };
  };
  await file.get({ headers: { range: `bytes=0-${HEAD_BYTES - 1}` }, receive }, null, signal);
  if (found.pin === null) throw new Error('an answer was neither received nor refused');
  return { ...found.pin, head: Buffer.concat(pieces) };
}
