import assert from 'node:assert/strict';
import { fail, toPlainError } from '../../../src/core/errors/index.js';
import { isMessage, isRequest } from '../../../src/core/vmnetfs/protocol.js';

const error = toPlainError(fail('server-busy', { host: 'a' }));

/** What the other end gets of a value. */
function sent(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe('the protocol between a window and its vmnetfs', () => {
  it('knows its requests', () => {
    for (const request of [
      { id: 1, ask: 'mount', mount: {} },
      { id: 2, ask: 'limit-wait' },
      { id: 3, ask: 'fail-waiting' },
      { id: 4, ask: 'settle' },
      { id: 5, ask: 'unmount' },
      { id: 6, ask: 'statistics', intervalMilliseconds: null },
      { id: 7, ask: 'prefetch', chunks: [] },
      { id: 8, ask: 'touches' },
      { id: 9, ask: 'login', login: 1, credentials: null },
    ]) {
      assert.ok(isRequest(sent(request)), request.ask);
    }
  });

  it('takes nothing else for a request', () => {
    for (const other of [
      ...[null, 7, 'unmount', [], {}],
      { ask: 'unmount' },
      { id: '1', ask: 'unmount' },
      { id: 1 },
      { id: 1, ask: 'toString' },
      { id: 1, ask: 'mount' },
      { id: 1, ask: 'mount', mount: null },
    ]) {
      assert.ok(!isRequest(sent(other)), JSON.stringify(other));
    }
  });

  it('knows its answers and events', () => {
    for (const message of [
      { id: 1, error: null },
      { id: 1, error },
      { event: 'fetch-failed', error },
      { event: 'unmounted' },
      { event: 'ending' },
      { event: 'caching', error: null },
      { event: 'caching', error },
      { event: 'network', state: { away: false } },
      { event: 'login', login: 1, request: {} },
      { event: 'statistics', report: {} },
    ]) {
      assert.ok(isMessage(sent(message)), JSON.stringify(message));
    }
  });

  it('takes nothing else for a message', () => {
    for (const other of [
      ...[null, 7, 'unmounted', [], {}],
      { id: 1 },
      { id: '1', error: null },
      { id: 1, error: 'EIO' },
      { id: 1, error: { ...error, code: 'EIO' } },
      { event: 'fetch-failed' },
      { event: 'fetch-failed', error: null },
      { event: 'caching' },
      { event: 'network' },
      { event: 'other', error },
    ]) {
      assert.ok(!isMessage(sent(other)), JSON.stringify(other));
    }
  });
});
