import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHUNK_BYTES } from '../../../src/core/image/index.js';
import type { Clock } from '../../../src/core/paging/index.js';
import { testConcurrently } from '../../support/concurrent-tests.js';
import { startDelayProxy } from '../../support/delay-proxy.js';
import { faults, type Fault } from '../../support/fault-server/index.js';
import { until } from '../../support/wait.js';
import { assertRight, assertStoreRight, BadServerSession, CHUNK, LATER_CHUNK } from './bad-server-session.js'; // prettier-ignore

/** In milliseconds; as long as it takes a busy computer to answer. */
const IMPATIENT = { connect: 2000, headers: 1000, stall: 1000, slow: 1500, retry: 50 };
const MINUTE = 60_000;

interface SlowCase {
  readonly title: string;
  readonly run: () => Promise<void>;
}

const SLOW: readonly SlowCase[] = [
  { title: 'takes a request and says nothing', run: () => readFrom(faults.silence) },
  { title: 'sends headers and then nothing', run: () => readFrom(faults.stallAfterHeaders) },
  { title: 'sends a little and then nothing', run: () => readFrom(faults.stallAt(1000)) },
  { title: 'sends a byte at a time', run: () => readFrom(faults.trickle(1, 100)) },
  { title: 'is asked for the rest only', run: readTheRest },
  { title: 'is the same as a network that forgot the connection', run: readAcrossLoss },
];

async function readFrom(fault: Fault): Promise<void> {
  await using session = await BadServerSession.start({ impatience: { timeouts: IMPATIENT } });
  const rule = session.server.faults.add({ fault });
  let done = false;
  const reading = session.read(CHUNK).finally(() => (done = true));
  await until('the user is told', () => session.network.length > 0);
  const [state] = session.network;
  assert.ok(state?.away);
  const { host } = new URL(session.server.origin);
  assert.deepEqual(
    [state.error.code, state.error.message],
    ['network-timeout', `The computer ${host} does not answer.`],
  );
  // Nor is it taken for one that is back.
  await sleep(2 * IMPATIENT.slow);
  assert.ok(session.network.every(({ away }) => away));
  assert.equal(done, false);
  assert.ok(!(await session.storedDisk()).present.includes(CHUNK));

  rule.remove();
  assert.ok(session.rightBytes(CHUNK).equals(Buffer.from(await reading)));
  await until('it is told that all is well', () => session.network.at(-1)?.away === false);
  assert.deepEqual(session.failures, []);
  await assertRight(session, LATER_CHUNK);
  await assertStoreRight(session, CHUNK, LATER_CHUNK);
}

async function readTheRest(): Promise<void> {
  await using session = await BadServerSession.start({ impatience: { timeouts: IMPATIENT } });
  const since = session.server.requests.length;
  session.server.faults.add({ fault: faults.stallAt(50_000), when: { times: 1 } });
  await assertRight(session, CHUNK);
  const begin = session.offsetOf(CHUNK);
  const last = begin + CHUNK_BYTES - 1;
  assert.deepEqual(session.ranges(since), [
    [begin, last],
    [begin + 50_000, last],
  ]);
  await assertStoreRight(session, CHUNK);
}

async function readAcrossLoss(): Promise<void> {
  await using session = await BadServerSession.create({ impatience: { timeouts: IMPATIENT } });
  await using proxy = await startDelayProxy({
    port: session.server.port,
    roundTripMilliseconds: 2,
    bitsPerSecond: null,
  });
  await session.mount(proxy.origin);
  await assertRight(session, LATER_CHUNK);
  await proxy.cut();
  const reading = session.read(CHUNK);
  await until('the user is told', () => session.network.length > 0);
  await proxy.restore('stall');
  assert.ok(session.rightBytes(CHUNK).equals(Buffer.from(await reading)));
  await until('it is told that all is well', () => session.network.at(-1)?.away === false);
  assert.deepEqual(session.failures, []);
  await assertStoreRight(session, CHUNK, LATER_CHUNK);
}

describe('a server that is too slow to be waited for', function () {
  this.timeout(60_000);
  testConcurrently(SLOW, SLOW.length, ({ run }) => run());
});

describe('a server that is busy', function () {
  this.timeout(30_000);

  /** A minute of it takes a second; what was waited for is noted. */
  function quickClock(): { clock: Clock; waits: number[] } {
    const waits: number[] = [];
    const clock: Clock = {
      now: () => performance.now(),
      wallClock: () => Date.now(),
      sleep: (milliseconds, signal) => {
        waits.push(milliseconds);
        return sleep(milliseconds / 60, undefined, { signal });
      },
    };
    return { clock, waits };
  }

  for (const [wanted, milliseconds] of [
    ['1000000000', MINUTE],
    ['7', 7000],
  ] as const) {
    it(`and says Retry-After: ${wanted} is asked again after ${milliseconds / 1000} s`, async () => {
      const { clock, waits } = quickClock();
      const impatience = { timeouts: IMPATIENT, clock };
      await using session = await BadServerSession.start({ impatience });
      session.server.faults.add({ fault: faults.busy(429, wanted), when: { times: 1 } });
      await assertRight(session, CHUNK);
      assert.equal(Math.max(...waits), milliseconds);
      const [state] = session.network;
      assert.ok(state?.away);
      assert.equal(state.error.code, 'server-busy');
      assert.equal(session.network.at(-1)?.away, false);
      await assertStoreRight(session, CHUNK);
    });
  }

  it('for as long as it likes is left alone so long, and who waits can be given up', async () => {
    await using session = await BadServerSession.start();
    const since = session.server.requests.length;
    session.server.faults.add({ fault: faults.busy(429, '1000000000') });
    const reading = session.read(CHUNK);
    await until('the user is told', () => session.network.length > 0);
    // Without that wish, it would be asked again after half a second at the latest.
    await sleep(1500);
    assert.equal(session.server.requests.length, since + 1);
    await session.failWaiting();
    assert.equal(await reading, 'EIO');
    assert.deepEqual(session.failures, []);
  });
});
