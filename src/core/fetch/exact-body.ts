import type { PackageUrl } from '../reference/index.js';
import type { ByteReceiver } from '../range/index.js';
import { wrongAnswer } from './answer-checks.js';
import type { BodyReceiver, Head } from './exchange.js';

const WRONG_LENGTH = 'it sends a part of another length';

/**
 * Takes a body that must hold exactly `length` bytes. They are handed over as they come if the
 * server announced that length; else they are held back until they are complete.
 *
 * @throws VmnetxError `server-answer`
 */
export function exactBody(
  head: Head,
  length: number,
  url: PackageUrl,
  onBytes: ByteReceiver,
): BodyReceiver {
  const announced = head.header('content-length');
  if (announced !== null && announced !== String(length)) {
    throw wrongAnswer(url, WRONG_LENGTH, `Content-Length: ${announced}`);
  }
  let received = 0;
  const held: Uint8Array[] | null = announced === null ? [] : null;
  return {
    onBytes: (bytes) => {
      received += bytes.length;
      if (received > length) throw wrongAnswer(url, WRONG_LENGTH);
      if (held === null) return onBytes(bytes);
      held.push(bytes);
      return null;
    },
    onEnd: () => {
      if (received !== length) throw wrongAnswer(url, WRONG_LENGTH);
      return held === null ? null : onBytes(Buffer.concat(held, length));
    },
  };
}
