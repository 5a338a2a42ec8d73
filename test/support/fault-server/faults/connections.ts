import { bodyOf, ConnectionReset, withHeaders, type Body, type Fault } from '../answer.js';
import { firstBytes } from './pieces.js';

/** Resets the connection before it says anything. */
export const resetBeforeHeaders: Fault = (answer) => ({
  ...answer,
  before: () => Promise.reject(new ConnectionReset()),
});

/** Resets the connection after so many bytes of the body. */
export function resetAt(bytes: number): Fault {
  return (answer) => ({ ...answer, body: reset(answer.body, bytes) });
}

/** Closes the connection without a word where an answer was due. */
export const closeBeforeHeaders: Fault = (answer) => ({ ...answer, raw: bodyOf() });

/** Closes each connection after so many requests, and says so. */
export function closeAfter(requests: number): Fault {
  return (answer, { request }) =>
    request.turn < requests ? answer : withHeaders(answer, { connection: 'close' });
}

/** Closes each connection after so many requests, and does not say so. */
export function hangUpAfter(requests: number): Fault {
  return (answer, { request }) => (request.turn < requests ? answer : { ...answer, hangUp: true });
}

/** Says this in place of an answer. */
export function raw(text: string): Fault {
  return (answer) => ({ ...answer, raw: bodyOf(text) });
}

/** Speaks another language than HTTP. */
export const garbage: Fault = raw('220 mail.example.org ESMTP ready\r\n');

/** Sends headers for as long as the client takes them. */
export const endlessHeaders: Fault = (answer, { signal }) => ({
  ...answer,
  raw: headersUntil(signal),
});

async function* reset(body: Body, bytes: number): Body {
  yield* firstBytes(body, bytes);
  throw new ConnectionReset();
}

async function* headersUntil(signal: AbortSignal): Body {
  yield* bodyOf('HTTP/1.1 206 Partial Content\r\n');
  for (let count = 0; !signal.aborted; count++) {
    yield* bodyOf(`X-Filler-${count}: ${'x'.repeat(1000)}\r\n`);
  }
}
