import * as fc from 'fast-check';
import { fail, fromPlainError, toPlainError } from '../../../src/core/errors/index.js';
import { isMessage, isRequest } from '../../../src/core/vmnetfs/protocol.js';
import type { FuzzTarget } from '../target.js';

const ERROR = toPlainError(fail('network-timeout', { host: 'example.org' }, { retryAfter: 5 }));
const VALID: readonly object[] = [
  { id: 1, ask: 'mount', mount: { package: { path: '/a' }, images: [], directory: '/b' } },
  { id: 2, ask: 'statistics', intervalMilliseconds: 100 },
  { id: 3, ask: 'prefetch', chunks: [{ image: 'disk', chunk: 5 }] },
  { id: 4, ask: 'login', login: 1, credentials: { username: 'a', password: 'b' } },
  { id: 5, ask: 'unmount' },
  { id: 1, error: null },
  { id: 2, error: ERROR },
  { id: 3, error: null, touches: [{ image: 'disk', chunk: 1, milliseconds: 2 }] },
  { event: 'fetch-failed', error: ERROR },
  { event: 'caching', error: null },
  { event: 'login', login: 1, request: { host: 'a', realm: 'b' } },
  { event: 'network', state: { away: false } },
  { event: 'unmounted' },
];
const NAMES = [
  'id',
  'ask',
  'event',
  'error',
  'mount',
  'chunks',
  'login',
  'state',
  '__proto__',
  'x',
];
const WORDS = ['mount', 'unmounted', 'toString', 'constructor', '__proto__', 'caching', ''];

/** A message with other values in place of some, or one that is nothing like a message. */
const messages: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: changedMessages() },
  { weight: 1, arbitrary: fc.anything({ maxDepth: 2, withNullPrototype: true, withBigInt: true }) },
);

function changedMessages(): fc.Arbitrary<unknown> {
  const value = fc.oneof(
    fc.constantFrom(...WORDS, ...VALID, null, undefined, ERROR),
    fc.anything({ maxDepth: 1 }),
  );
  const changes = fc.array(fc.tuple(fc.constantFrom(...NAMES), value), { maxLength: 3 });
  return fc
    .tuple(fc.constantFrom(...VALID), changes)
    .map(([message, all]): unknown => ({ ...message, ...Object.fromEntries(all) }));
}

/** What comes over the channel between a vmnetfs and its owner. */
export const channelMessages: FuzzTarget<unknown> = {
  inputs: messages,
  parse: (message) => {
    if (isRequest(message) && message.ask === 'mount') Object.keys(message.mount);
    if (!isMessage(message)) return;
    const told = 'id' in message || ['fetch-failed', 'caching'].includes(message.event);
    // Whoever is told of an error makes it one again.
    if (told && 'error' in message && message.error !== null) fromPlainError(message.error);
  },
  show: (message) => fc.stringify(message),
};
