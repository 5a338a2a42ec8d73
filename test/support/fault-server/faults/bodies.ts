import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { seeded } from '../../random.js';
import { bodyOf, withHeaders, type Body, type Fault } from '../answer.js';
import { firstBytes } from './pieces.js';

/** Sends only the first bytes of the body and closes the connection; the headers promise all. */
export function shortBody(bytes: number): Fault {
  return (answer) => ({ ...answer, body: firstBytes(answer.body, bytes) });
}

/** Sends only the first bytes of the body, announces so many, but says that it is the whole part. */
export function shortBodyAnnounced(bytes: number): Fault {
  return (answer) => ({
    ...withHeaders(answer, { 'content-length': String(bytes) }),
    body: firstBytes(answer.body, bytes),
  });
}

/** Sends so many bytes more than it announced. */
export function longBody(bytes: number): Fault {
  return (answer) => ({ ...answer, body: lengthened(answer.body, bytes) });
}

/** Sends so many bytes more than the part has, and announces them. */
export function longBodyAnnounced(bytes: number): Fault {
  return (answer) => ({
    ...withHeaders(answer, {
      'content-length': String(Number(answer.headers['content-length']) + bytes),
    }),
    body: lengthened(answer.body, bytes),
  });
}

/** Does not announce the length: the body comes in HTTP's chunks. */
export const lengthNotAnnounced: Fault = (answer) =>
  withHeaders(answer, { 'content-length': null });

/** Right headers, and a body of the right length in which about one byte in a thousand is wrong. */
export function wrongBytes(seed: number): Fault {
  return (answer) => ({ ...answer, body: disturbed(answer.body, seeded(seed)) });
}

/** Compresses the part, although nobody said that this would do. */
export const gzip: Fault = (answer) => ({
  ...withHeaders(answer, { 'content-encoding': 'gzip', 'content-length': null }),
  body: Readable.from(answer.body).pipe(createGzip()),
});

async function* lengthened(body: Body, bytes: number): Body {
  yield* body;
  yield* bodyOf(Buffer.alloc(bytes, '!'));
}

const DISTURBED_EVERY = 1000;

async function* disturbed(body: Body, random: () => number): Body {
  for await (const piece of body) {
    const copy = Buffer.from(piece);
    for (let start = 0; start < copy.length; start += DISTURBED_EVERY) {
      const at = start + Math.floor(random() * Math.min(DISTURBED_EVERY, copy.length - start));
      copy.writeUInt8(copy.readUInt8(at) ^ (1 + Math.floor(random() * 255)), at);
    }
    yield copy;
  }
}
