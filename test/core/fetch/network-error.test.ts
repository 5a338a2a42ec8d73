import assert from 'node:assert/strict';
import { FetchCounters } from '../../../src/core/fetch/index.js';
import { networkError } from '../../../src/core/fetch/network-error.js';
import { quickOpen } from './quick-open.js';

describe('a network that cannot be reached', () => {
  for (const code of ['EAI_AGAIN', 'EAI_FAIL', 'ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN']) {
    it(`is told from a wrong address: ${code}`, () => {
      const error = networkError(Object.assign(new Error('no'), { code }), 'example.org');
      assert.throws(
        () => {
          throw error;
        },
        { code: 'network-unreachable', status: 69, retryable: true },
      );
    });
  }

  it('is tried again when a package is opened', async () => {
    const counters = new FetchCounters();
    // Linux refuses connections to a broadcast address so, also where there is no network at all.
    await assert.rejects(quickOpen('http://127.255.255.255/a', { counters }), {
      code: 'network-unreachable',
      detail: 'ENETUNREACH',
      message: 'The network cannot be reached.',
    });
    assert.equal(counters.retries, 2);
  });
});
