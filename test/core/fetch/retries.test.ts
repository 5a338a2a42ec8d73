import assert from 'node:assert/strict';
import { FetchCounters } from '../../../src/core/fetch/index.js';
import { fromPlainError, toPlainError, VmnetxError } from '../../../src/core/errors/index.js';
import { sendRange, startServer } from '../../support/scripted-server.js';
import { quickOpen } from './quick-open.js';

const { signal } = new AbortController();
const content = Buffer.alloc(400_000, 7);

describe('a server that is busy', () => {
  /** What is told after an answer with these headers, by a stream, which tries only once. */
  async function refusal(
    status: number,
    headers: Readonly<Record<string, string>>,
  ): Promise<VmnetxError> {
    await using server = await startServer((request, response) => {
      if (request.headers.range?.startsWith('bytes=0-') === true) {
        sendRange(request, response, content);
      } else {
        response.writeHead(status, headers).end();
      }
    });
    const source = await quickOpen(server.origin);
    try {
      await source.stream(300_000, 10, () => null, signal);
    } catch (error) {
      assert.ok(error instanceof VmnetxError);
      return error;
    } finally {
      await source.close();
    }
    throw new Error('it was not refused');
  }

  const hints: readonly [string, number | null][] = [
    ['7', 7000],
    [' 0 ', 0],
    ['1000000000', 60_000],
    ['99999999999999999999999999', 60_000],
    ['-5', 0],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 60_000],
    ['soon', null],
    ['1.5e3x', null],
  ];
  for (const [value, milliseconds] of hints) {
    it(`says when to ask again, within reason: ${value}`, async () => {
      for (const status of [429, 503]) {
        const error = await refusal(status, { 'retry-after': value });
        assert.equal(error.code, 'server-busy');
        assert.equal(error.retryAfter, milliseconds);
        const again = fromPlainError(toPlainError(error));
        assert.equal(again.retryAfter, milliseconds, 'also in another process');
      }
    });
  }

  it('says so by its own clock', async () => {
    const date = 'Thu, 01 Jan 2015 00:00:00 GMT';
    const later = 'Thu, 01 Jan 2015 00:00:20 GMT';
    const error = await refusal(503, { date, 'retry-after': later });
    assert.equal(error.retryAfter, 20_000);
  });

  it('does not say so where it does not say so', async () => {
    assert.equal((await refusal(503, {})).retryAfter, null);
    assert.equal((await refusal(404, { 'retry-after': '5' })).retryAfter, null);
  });

  it('does not refuse an opening with one answer', async () => {
    let requests = 0;
    await using server = await startServer((request, response) => {
      if (++requests <= 2) response.writeHead(503, { 'retry-after': '0' }).end();
      else sendRange(request, response, content);
    });
    const counters = new FetchCounters();
    const source = await quickOpen(server.origin, { counters });
    assert.equal(source.size, content.length);
    assert.deepEqual([counters.requests, counters.retries], [3, 2]);
    await source.close();
  });

  it('is believed after three tries, or when it wants to be left alone for longer', async () => {
    const answers: readonly [string, number][] = [
      ['0', 3],
      ['60', 1],
    ];
    for (const [retryAfter, requests] of answers) {
      await using server = await startServer((_, response) => {
        response.writeHead(503, { 'retry-after': retryAfter }).end();
      });
      const start = performance.now();
      await assert.rejects(quickOpen(server.origin), { code: 'server-busy' });
      assert.equal(server.requests.length, requests);
      assert.ok(performance.now() - start < 1000);
    }
  });

  it('is not asked again after what cannot heal', async () => {
    for (const status of [403, 404, 412]) {
      await using server = await startServer((_, response) => {
        response.writeHead(status, { 'retry-after': '0' }).end();
      });
      await assert.rejects(quickOpen(server.origin));
      assert.equal(server.requests.length, 1);
    }
  });
});
