import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { CHECKS, examine, type Check, type Finding } from '../../../src/core/doctor/index.js';
import { testHost } from './support/test-host.js';

const GOOD: Finding = { state: 'good', found: 'It is.', meaning: 'It is good.', advice: null };

function check(needed: boolean, examineIt: (signal: AbortSignal) => Promise<Finding>): Check {
  return { id: 'tried', title: 'Tried', needed, examine: (_, signal) => examineIt(signal) };
}

describe('an examination', () => {
  const host = testHost({});
  const never = () => new Promise<Finding>(() => undefined);
  const { signal } = new AbortController();

  it('makes its checks beside each other and tells them in their order', async () => {
    const order: string[] = [];
    const slow = check(true, async () => {
      await delay(20);
      order.push('slow');
      return GOOD;
    });
    const quick = check(true, () => {
      order.push('quick');
      return Promise.resolve(GOOD);
    });
    const results = await examine([slow, { ...quick, id: 'quick' }], host, signal);
    assert.deepEqual(order, ['quick', 'slow']);
    assert.deepEqual(results, [
      { id: 'tried', title: 'Tried', ...GOOD },
      { id: 'quick', title: 'Tried', ...GOOD },
    ]);
  });

  it('gives up a check that takes too long, when it has tidied up', async () => {
    let tidied = false;
    const slow = check(true, async (limit) => {
      await delay(60_000, undefined, { signal: limit }).catch(() => undefined);
      await delay(20);
      tidied = true;
      return GOOD;
    });
    const [result] = await examine([slow], host, signal, 10);
    assert.equal(result?.state, 'bad');
    assert.equal(result.found, 'There was no answer within 0.01 seconds.');
    assert.ok(tidied);
    const [other] = await examine(
      [check(false, async (limit) => slow.examine(host, limit))],
      host,
      signal,
      10,
    );
    assert.equal(other?.state, 'unknown');
  });

  it('goes on when a check itself fails', async () => {
    const failing = () => Promise.reject(new Error('our own fault, with a secret'));
    const results = await examine([check(true, failing), check(false, failing)], host, signal);
    assert.deepEqual(
      results.map(({ state, found }) => [state, found]),
      [
        ['bad', 'Looking at it failed.'],
        ['unknown', 'Looking at it failed.'],
      ],
    );
  });

  it('ends when nobody wants to know any more, with a check that ignores it, too', async function () {
    this.timeout(5000);
    const abort = new AbortController();
    const examining = examine([check(true, never)], host, abort.signal);
    abort.abort(new Error('enough'));
    await assert.rejects(examining, /enough/);
  });

  it('has a name for each check that is like no other', () => {
    const ids = CHECKS.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, /^[a-z]+(?:-[a-z]+)*$/);
  });
});
