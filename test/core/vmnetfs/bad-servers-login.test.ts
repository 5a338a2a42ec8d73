import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asVmnetxError, toPlainError } from '../../../src/core/errors/index.js';
import { FULL_REACH, newAccess, type LoginRequest } from '../../../src/core/fetch/index.js';
import type { Credentials } from '../../../src/core/reference/index.js';
import { faults, type Fault } from '../../support/fault-server/index.js';
import { until } from '../../support/wait.js';
import {
  assertRight,
  assertStoreRight,
  BadServerSession,
  CHUNK,
  LATER_CHUNK,
  PATH,
} from './bad-server-session.js';
import { ownProcesses } from './mounted-package.js';

const RIGHT: Credentials = { username: 'some-body', password: 'open-sesame-4711' };
const WRONG: Credentials = { username: 'some-body', password: 'open-barley-4711' };
const NEW: Credentials = { username: 'some-body', password: 'open-oats-4711' };
/** What must not be found anywhere: the passwords, and what Basic makes of them. */
const SECRETS = [RIGHT, WRONG, NEW].flatMap(({ username, password }) => [
  password,
  Buffer.from(`${username}:${password}`).toString('base64'),
]);

const account = ({ username, password }: Credentials) => ({ user: username, password });

const SCHEMES: readonly ['basic' | 'digest', (who: Credentials) => Fault][] = [
  ['basic', (who) => faults.basicLogin(account(who))],
  // Its nonces end all the time, which is nobody's business.
  ['digest', (who) => faults.digestLogin(account(who), { nonceUses: 2 })],
];

for (const [scheme, login] of SCHEMES) {
  describe(`a ${scheme} log-in`, function () {
    this.timeout(30_000);

    /** A session whose user gives these answers, one after the other, and then none. */
    async function asked(...answers: readonly Credentials[]): Promise<BadServerSession> {
      const left = [...answers];
      const session = await BadServerSession.create({
        // One of the two goes through the channel.
        ownProcess: scheme === 'basic',
        onLogin: () => left.shift() ?? null,
      });
      session.server.faults.add({ fault: login(RIGHT) });
      return session;
    }

    const question = (session: BadServerSession): LoginRequest => ({
      host: new URL(session.server.origin).host,
      realm: 'Machines',
      scheme,
      secure: false,
      refused: false,
      username: null,
    });

    it('is asked for once, through the channel, and is kept nowhere', async () => {
      await using session = await asked(RIGHT);
      await session.mount();
      await Promise.all([CHUNK, LATER_CHUNK].map((chunk) => assertRight(session, chunk)));
      assert.deepEqual(session.logins, [question(session)]);
      await assertNowhere(session);
      await assertStoreRight(session, CHUNK, LATER_CHUNK);
      await assertNowhere(session);
    });

    it('that is wrong is asked for again, with the name that was given', async () => {
      await using session = await asked(WRONG, RIGHT);
      await session.mount();
      await assertRight(session, CHUNK);
      const again = { ...question(session), refused: true, username: WRONG.username };
      assert.deepEqual(session.logins, [question(session), again]);
      await assertNowhere(session);
    });

    it('that nobody gives is an error, and nothing is mounted', async () => {
      await using session = await asked();
      const error = await errorOf(session.mount());
      assert.deepEqual(
        [error.code, error.message],
        [
          'server-login-required',
          `The web server ${question(session).host} asks for a name and a password.`,
        ],
      );
      assert.equal(session.logins.length, 1);
      assert.deepEqual(await session.storedImages(), []);
    });

    it('that is wrong three times is an error, and its text does not repeat it', async () => {
      await using session = await asked(WRONG, WRONG, WRONG, WRONG);
      const error = await errorOf(session.mount());
      assert.deepEqual(
        [error.code, error.message],
        [
          'server-login-refused',
          `The web server ${question(session).host} does not accept this name and password.`,
        ],
      );
      assert.equal(session.logins.length, 3);
      assertNoSecret(JSON.stringify([toPlainError(error), error.stack, String(error.cause)]));
      await assertNowhere(session);
    });

    it('is handed over by who opened the package: nobody is asked', async () => {
      await using session = await asked();
      const credentials = [{ origin: session.server.origin, ...RIGHT }];
      await session.mount(session.server.origin, {
        access: { ...newAccess(FULL_REACH), credentials },
      });
      await assertRight(session, CHUNK);
      assert.deepEqual(session.logins, []);
      await assertNowhere(session);
    });

    it('that stands in the address goes no further than the server', async () => {
      await using session = await asked();
      const { host } = new URL(session.server.origin);
      const href = `http://${RIGHT.username}:${RIGHT.password}@${host}${PATH}`;
      await session.mount(session.server.origin, { package: { href } });
      await assertRight(session, CHUNK);
      assert.deepEqual(session.logins, []);
      await assertNowhere(session);
      await assertStoreRight(session, CHUNK);
      await assertNowhere(session);
    });

    it('that does not hold any more is asked for once, however many readers wait', async () => {
      await using session = await asked(RIGHT, NEW);
      await session.mount();
      await assertRight(session, LATER_CHUNK);
      session.server.faults.clear();
      session.server.faults.add({ fault: login(NEW) });
      const chunks = [3, 5, CHUNK, 8];
      const read = await Promise.all(chunks.map((chunk) => session.read(chunk)));
      chunks.forEach((chunk, at) => {
        assert.ok(session.rightBytes(chunk).equals(Buffer.from(read[at] ?? '')));
      });
      assert.deepEqual(
        session.logins.map(({ refused }) => refused),
        [false, true],
      );
      assert.deepEqual(session.failures, []);
      await assertNowhere(session);
      await assertStoreRight(session, ...chunks);
    });

    it('that does not hold any more and is not renewed is an error for the readers', async () => {
      await using session = await asked(RIGHT);
      await session.mount();
      await assertRight(session, LATER_CHUNK);
      session.server.faults.clear();
      session.server.faults.add({ fault: login(NEW) });
      assert.equal(await session.read(CHUNK), 'EIO');
      await until('the user is told', () => session.failures.length > 0);
      assert.deepEqual(
        session.failures.map(({ code }) => code),
        ['server-login-refused'],
      );
      assertNoSecret(JSON.stringify(session.failures.map(toPlainError)));
      // What is here already is still served.
      await assertRight(session, LATER_CHUNK);
      await assertStoreRight(session, LATER_CHUNK);
    });
  });
}

async function errorOf(promise: Promise<unknown>) {
  return promise.then(
    () => assert.fail('it went well'),
    (error: unknown) => asVmnetxError(error),
  );
}

function assertNoSecret(text: string): void {
  for (const secret of SECRETS) assert.ok(!text.includes(secret), 'a secret was found');
}

/** No file that the session has made, no argument and no variable of its process has a secret. */
async function assertNowhere(session: BadServerSession): Promise<void> {
  for (const pid of await ownProcesses()) {
    assertNoSecret(await readFile(`/proc/${pid}/cmdline`, 'latin1'));
    assertNoSecret(await readFile(`/proc/${pid}/environ`, 'latin1'));
  }
  const { folder, directory } = session.wanted;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  let files = 0;
  for (const entry of entries) {
    // Not the images themselves, which have nothing but noise.
    if (!entry.isFile() || entry.parentPath.startsWith(directory)) continue;
    files++;
    assertNoSecret(await readFile(join(entry.parentPath, entry.name), 'latin1'));
  }
  assert.ok(files > 0);
}
