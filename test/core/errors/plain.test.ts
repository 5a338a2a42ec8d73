import assert from 'node:assert/strict';
import {
  fail,
  fromPlainError,
  isPlainError,
  toPlainError,
} from '../../../src/core/errors/index.js';

describe('a plain error', () => {
  it('goes through JSON and is the same error again', () => {
    for (const error of [
      fail('server-busy', { host: 'example.org' }, { detail: '503', cause: new Error('x') }),
      fail('server-busy', { host: 'a' }, { retryAfter: 0 }),
      fail('usage-not-yet', { word: 'log' }),
    ]) {
      const plain: unknown = JSON.parse(JSON.stringify(toPlainError(error)));
      assert.ok(isPlainError(plain));
      const again = fromPlainError(plain);
      assert.deepEqual(toPlainError(again), toPlainError(error));
      assert.equal(again.message, error.message);
      assert.equal(again.hint, error.hint);
      assert.equal(again.status, error.status);
      assert.equal(again.retryable, error.retryable);
      assert.equal(again.retryAfter, error.retryAfter);
    }
  });

  it('has exactly the fields that are agreed', () => {
    assert.deepEqual(toPlainError(fail('server-failed', { host: 'a' }, { detail: '500' })), {
      code: 'server-failed',
      parameters: { host: 'a' },
      detail: '500',
    });
  });

  it('is told from everything else', () => {
    const plain = toPlainError(fail('host-root', {}));
    assert.ok(isPlainError(plain));
    const others: readonly unknown[] = [
      null,
      undefined,
      'host-root',
      [],
      {},
      { ...plain, code: 'no-such-code' },
      { ...plain, code: 'toString' },
      { ...plain, parameters: null },
      { ...plain, parameters: { host: 1 } },
      { ...plain, detail: {} },
      { ...plain, retryAfter: null },
    ];
    for (const other of others) assert.ok(!isPlainError(other), JSON.stringify(other));
  });
});
