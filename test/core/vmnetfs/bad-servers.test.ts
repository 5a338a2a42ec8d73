import assert from 'node:assert/strict';
import type { ErrorCode } from '../../../src/core/errors/index.js';
import { CHUNK_BYTES } from '../../../src/core/image/index.js';
import { testConcurrently } from '../../support/concurrent-tests.js';
import { faults, type Fault } from '../../support/fault-server/index.js';
import { until } from '../../support/wait.js';
import {
  assertRight,
  assertStoreRight,
  BadServerSession,
  CHUNK,
  LATER_CHUNK,
} from './bad-server-session.js';

/** Sessions at the same time. */
const AT_A_TIME = 6;
const TIMEOUT = 90_000;

/** What befalls all requests of a session from some moment on. */
interface Trouble {
  readonly title: string;
  readonly fault: Fault;
}

/** Trouble, and the user is told so. */
interface ToldTrouble extends Trouble {
  readonly code: ErrorCode;
  /** The sentence, with {host} for the server's. */
  readonly says: string;
}

const HOST = '{host}';
const wrongAnswer = (reason: string): Pick<ToldTrouble, 'code' | 'says'> => ({
  code: 'server-answer',
  says: `The web server ${HOST} gave a wrong answer: ${reason}.`,
});
const redirectRefused = (reason: string): Pick<ToldTrouble, 'code' | 'says'> => ({
  code: 'server-redirect',
  says: `The web server ${HOST} sends the request elsewhere, which is refused: ${reason}.`,
});
const busy = { code: 'server-busy', says: `The web server ${HOST} is busy.` } as const;
const failed = { code: 'server-failed', says: `The web server ${HOST} failed.` } as const;
const lost = { code: 'network-failed', says: `The connection to ${HOST} was lost.` } as const;
const changed = {
  code: 'package-changed',
  says: `http://${HOST}/a.nxpk was changed while it was being read.`,
} as const;
const notFound = {
  code: 'server-not-found',
  says: `There is no http://${HOST}/a.nxpk.`,
} as const;
const noRanges = {
  code: 'server-no-ranges',
  says: `The web server ${HOST} does not serve parts of a file.`,
} as const;

const anotherPart = wrongAnswer('it sends another part');
const anotherLength = wrongAnswer('it sends a part of another length');
const whichPart = wrongAnswer('it does not say which part of the file it sends');

/** Cannot heal: the reader gets an error at once. */
const HOPELESS: readonly ToldTrouble[] = [
  { title: '404', fault: faults.status(404), ...notFound },
  { title: '410', fault: faults.status(410), ...notFound },
  {
    title: '403',
    fault: faults.status(403),
    code: 'server-forbidden',
    says: `The web server ${HOST} does not allow access to this file.`,
  },
  {
    title: '401 of a kind that nobody can answer',
    fault: faults.unauthorized('Negotiate'),
    code: 'server-login-required',
    says: `The web server ${HOST} asks for a name and a password.`,
  },
  { title: '400', fault: faults.status(400), ...wrongAnswer('status 400') },
  { title: '204', fault: faults.status(204), ...wrongAnswer('status 204') },
  { title: '412: the package is another one now', fault: faults.status(412), ...changed },
  { title: '416: the package is shorter now', fault: faults.unsatisfiable, ...changed },
  { title: '200 with the whole file', fault: faults.wholeFile, ...noRanges },
  {
    title: 'a part that is too short, announced',
    fault: faults.shortBodyAnnounced(1000),
    ...anotherLength,
  },
  {
    title: 'a part that is too long, announced',
    fault: faults.longBodyAnnounced(1000),
    ...anotherLength,
  },
  {
    title: 'a part that is too short and of no announced length',
    fault: (answer, exchange) =>
      faults.lengthNotAnnounced(faults.shortBody(1000)(answer, exchange), exchange),
    ...anotherLength,
  },
  {
    title: 'a part that is too long and of no announced length',
    fault: (answer, exchange) =>
      faults.lengthNotAnnounced(faults.longBody(1000)(answer, exchange), exchange),
    ...anotherLength,
  },
  { title: 'another part', fault: faults.otherPart(-CHUNK_BYTES), ...anotherPart },
  { title: 'a lesser part', fault: faults.lesserPart(1000), ...anotherPart },
  { title: 'a part of a file of another size', fault: faults.otherTotal(5_000_000), ...changed },
  { title: '206 without Content-Range', fault: faults.contentRange(null), ...whichPart },
  {
    title: 'a Content-Range that is none',
    fault: faults.contentRange('bytes all of them'),
    ...whichPart,
  },
  {
    title: 'a Content-Range in other units',
    fault: faults.contentRange('pages 1-2/3'),
    ...whichPart,
  },
  {
    title: 'a Content-Range that ends before it begins',
    fault: faults.contentRange('bytes 9-8/10'),
    ...changed,
  },
  {
    title: 'a Content-Range beyond all numbers',
    fault: faults.contentRange(`bytes 0-1/${'9'.repeat(40)}`),
    ...whichPart,
  },
  {
    title: 'multipart/byteranges',
    fault: faults.multipart,
    ...wrongAnswer('it sends several parts where one was asked for'),
  },
  {
    title: 'a compressed part',
    fault: faults.gzip,
    ...wrongAnswer('it compresses parts of a file'),
  },
  {
    title: 'another entity tag, though the condition held',
    fault: faults.etag('"two"'),
    ...changed,
  },
  { title: 'the same entity tag, but a weak one', fault: faults.etag('W/"one"'), ...changed },
  {
    title: 'another date',
    fault: faults.lastModified(new Date('2016-01-01T00:00:00Z')),
    ...changed,
  },
  { title: 'no validators any more', fault: faults.noValidators, ...changed },
  {
    title: 'a redirect in a circle',
    fault: faults.redirectLoop,
    ...redirectRefused('it leads in a circle'),
  },
  {
    title: 'redirects without end',
    fault: faults.redirectHops(1000),
    ...redirectRefused('it leads on more than 5 times'),
  },
  {
    title: 'a redirect to file:',
    fault: faults.redirect('file:///etc/passwd'),
    ...redirectRefused('it leads to “file:”'),
  },
  {
    title: 'a redirect to javascript:',
    fault: faults.redirect('javascript:alert(1)'),
    ...redirectRefused('it leads to “javascript:”'),
  },
  {
    title: 'a redirect to an address with a password',
    fault: faults.redirect('http://somebody:secret@127.0.0.1:9/a.nxpk'),
    ...redirectRefused('it leads to an address with a name or a password'),
  },
  {
    title: 'something that is not HTTP',
    fault: faults.garbage,
    ...wrongAnswer('it does not speak HTTP'),
  },
  {
    title: 'headers without end',
    fault: faults.endlessHeaders,
    ...wrongAnswer('its headers do not end'),
  },
];

/** Can heal: the reader waits. */
const HEALING: readonly ToldTrouble[] = [
  { title: '408', fault: faults.status(408), ...busy },
  { title: '429', fault: faults.busy(429), ...busy },
  { title: '429 and Retry-After: -1', fault: faults.busy(429, '-1'), ...busy },
  {
    title: '429 and Retry-After: a day in 1970',
    fault: faults.busy(429, 'Thu, 01 Jan 1970 00:00:00 GMT'),
    ...busy,
  },
  { title: '429 and Retry-After: soon', fault: faults.busy(429, 'soon'), ...busy },
  { title: '503 and Retry-After: 1', fault: faults.busy(503, '1'), ...busy },
  { title: '500', fault: faults.status(500), ...failed },
  { title: '502', fault: faults.status(502), ...failed },
  { title: '504', fault: faults.status(504), ...failed },
  { title: 'a reset in place of an answer', fault: faults.resetBeforeHeaders, ...lost },
  { title: 'a connection closed in place of an answer', fault: faults.closeBeforeHeaders, ...lost },
  { title: 'a reset after the headers', fault: faults.resetAt(0), ...lost },
  { title: 'a connection closed after the headers', fault: faults.shortBody(0), ...lost },
  {
    title: 'a redirect to a name that does not exist',
    fault: faults.redirect('http://nowhere.invalid/a.nxpk'),
    code: 'network-host-not-found',
    says: 'There is no computer called nowhere.invalid.',
  },
  {
    title: 'a redirect to where nobody listens',
    fault: faults.redirect('http://127.0.0.1:9/a.nxpk'),
    code: 'network-refused',
    says: 'The computer 127.0.0.1:9 refused the connection.',
  },
];

/** Nothing that anybody needs to know of. */
const HARMLESS: readonly Trouble[] = [
  { title: 'a part of no announced length', fault: faults.lengthNotAnnounced },
  { title: 'bytes after the part', fault: faults.longBody(1000) },
  { title: 'connections that are closed after each answer', fault: faults.closeAfter(1) },
  {
    title: 'connections that are closed after each answer without a word',
    fault: faults.hangUpAfter(1),
  },
  { title: 'a slow beginning', fault: faults.slowStart(300) },
  { title: 'cookies that nobody wants', fault: faults.cookies('a=b', 'c=d; Domain=example.org') },
];

describe('in the middle of a session, a server', function () {
  this.timeout(TIMEOUT);

  describe('that cannot be waited for gives the reader an error, and the user this reason:', () => {
    testConcurrently(HOPELESS, AT_A_TIME, async ({ fault, code, says }) => {
      await using session = await BadServerSession.start();
      const { host } = new URL(session.server.origin);
      const rule = session.server.faults.add({ fault });

      assert.equal(await session.read(CHUNK), 'EIO');
      await until('the user is told', () => session.failures.length > 0);
      // The same is not told again.
      assert.equal(await session.read(LATER_CHUNK), 'EIO');
      assert.deepEqual(
        session.failures.map((error) => [error.code, error.message]),
        [[code, says.replace(HOST, host)]],
      );
      assert.deepEqual(session.network, []);
      const during = await session.storedDisk();
      assert.ok(!during.present.includes(CHUNK) && !during.present.includes(LATER_CHUNK));

      rule.remove();
      await assertRight(session, CHUNK, LATER_CHUNK);
      await assertStoreRight(session, CHUNK, LATER_CHUNK);
    });
  });

  describe('that can be waited for lets the reader wait, and the user is told of:', () => {
    testConcurrently(HEALING, AT_A_TIME, async ({ fault, code, says }) => {
      await using session = await BadServerSession.start();
      const { host } = new URL(session.server.origin);
      const rule = session.server.faults.add({ fault });

      let done = false;
      const reading = session.read(CHUNK).finally(() => (done = true));
      const away = await awayState(session);
      assert.deepEqual([away.error.code, away.error.message], [code, says.replace(HOST, host)]);
      assert.ok(away.tries >= 1);
      assert.ok(Math.abs(Date.now() - away.since) < TIMEOUT);
      assert.equal(done, false);
      assert.ok(!(await session.storedDisk()).present.includes(CHUNK));

      rule.remove();
      assert.ok(session.rightBytes(CHUNK).equals(Buffer.from(await reading)));
      await until('it is told that all is well', () => session.network.at(-1)?.away === false);
      assert.deepEqual(session.failures, []);
      await assertRight(session, LATER_CHUNK);
      await assertStoreRight(session, CHUNK, LATER_CHUNK);
    });
  });

  describe('brings the reader what it wants all the same, and nobody hears of', () => {
    testConcurrently(HARMLESS, AT_A_TIME, async ({ fault }) => {
      await using session = await BadServerSession.start();
      session.server.faults.add({ fault });
      await assertRight(session, CHUNK, LATER_CHUNK);
      assert.deepEqual([session.failures, session.network], [[], []]);
      await assertStoreRight(session, CHUNK, LATER_CHUNK);
    });
  });
});

async function awayState(session: BadServerSession) {
  await until('it is told that the network is away', () => session.network.length > 0);
  const [state] = session.network;
  assert.ok(state?.away);
  return state;
}
