import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { testConcurrently } from '../../support/concurrent-tests.js';
import { startDelayProxy, type Fate } from '../../support/delay-proxy.js';
import { until } from '../../support/wait.js';
import { assertRight, assertStoreRight, BadServerSession, CHUNK, LATER_CHUNK } from './bad-server-session.js'; // prettier-ignore

const AWAY_MILLISECONDS = 3000;

/** Begins to read while the network goes away, and has it come back. */
async function readWhile(
  session: BadServerSession,
  goAway: () => Promise<void> | void,
  comeBack: () => Promise<void> | void,
): Promise<void> {
  await goAway();
  let done = false;
  const reading = session.read(CHUNK).finally(() => (done = true));
  await sleep(AWAY_MILLISECONDS);
  assert.equal(done, false);
  assert.ok(!(await session.storedDisk()).present.includes(CHUNK));
  await comeBack();
  assert.ok(session.rightBytes(CHUNK).equals(Buffer.from(await reading)));
}

const CASES: readonly { readonly title: string; readonly run: () => Promise<void> }[] = [
  {
    title:
      'is told of with its tries, then that it is back; the reader waits, and fetching goes on',
    async run() {
      await using session = await BadServerSession.start({ ownProcess: true });
      const { host } = new URL(session.server.origin);
      const begin = Date.now();
      await readWhile(
        session,
        () => session.server.goDown(),
        () => session.server.comeUp(),
      );
      await until('it is told that all is well', () => session.network.at(-1)?.away === false);
      const away = session.network.slice(0, -1);
      assert.ok(away.length >= 2);
      let tries = 0;
      for (const state of away) {
        assert.ok(state.away);
        assert.equal(state.error.code, 'network-refused');
        assert.equal(state.error.message, `The computer ${host} refused the connection.`);
        assert.ok(state.since >= begin && state.since < begin + AWAY_MILLISECONDS);
        assert.ok(state.tries > tries);
        tries = state.tries;
      }
      assert.deepEqual(session.failures, []);
      await assertRight(session, LATER_CHUNK);
      assert.equal(session.network.at(-1)?.away, false);
      await assertStoreRight(session, CHUNK, LATER_CHUNK);
    },
  },
  {
    title: 'lets all readers go on when it is back',
    async run() {
      await using session = await BadServerSession.start({ ownProcess: true });
      await session.server.goDown();
      const chunks = [3, 5, CHUNK, 8, LATER_CHUNK];
      const reading = Promise.all(chunks.map((chunk) => session.read(chunk)));
      await until('it is told', () => session.network.length > 0);
      await session.server.comeUp();
      const read = await reading;
      chunks.forEach((chunk, at) => {
        assert.ok(session.rightBytes(chunk).equals(Buffer.from(read[at] ?? '')));
      });
      assert.deepEqual(session.failures, []);
      await assertStoreRight(session, ...chunks);
    },
  },
  {
    title: 'is waited for where it only says nothing, and nothing is asked for twice',
    async run() {
      await using session = await BadServerSession.start({ ownProcess: true });
      await assertRight(session, LATER_CHUNK);
      const since = session.server.requests.length;
      await readWhile(
        session,
        () => {
          session.server.freeze();
        },
        () => {
          session.server.thaw();
        },
      );
      assert.equal(session.ranges(since).length, 1);
      assert.deepEqual(session.failures, []);
      assert.notEqual(session.network.at(-1)?.away, true);
      await assertStoreRight(session, CHUNK, LATER_CHUNK);
    },
  },
  {
    title: 'goes on where it was when the connections have survived it',
    run: () => readAcrossCut('go on'),
  },
  {
    title: 'goes on by new connections when the old ones are reset',
    run: () => readAcrossCut('reset'),
  },
];

async function readAcrossCut(fate: Fate): Promise<void> {
  await using session = await BadServerSession.create({ ownProcess: true });
  await using proxy = await startDelayProxy({
    port: session.server.port,
    roundTripMilliseconds: 20,
    bitsPerSecond: 100e6,
  });
  await session.mount(proxy.origin);
  await assertRight(session, LATER_CHUNK);
  await readWhile(
    session,
    () => proxy.cut(),
    () => proxy.restore(fate),
  );
  assert.deepEqual(session.failures, []);
  await assertRight(session, 3);
  assert.notEqual(session.network.at(-1)?.away, true);
  await assertStoreRight(session, 3, CHUNK, LATER_CHUNK);
}

describe('a network that is away for 3 s', function () {
  this.timeout(60_000);
  testConcurrently(CASES, CASES.length, ({ run }) => run());
});
