import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import type { ErrorCode } from '../../../src/core/errors/index.js';
import { testConcurrently } from '../../support/concurrent-tests.js';
import {
  faults,
  makeCertificates,
  startFaultServer,
  type Certificates,
  type Fault,
} from '../../support/fault-server/index.js';
import { isMounted } from '../../support/mounts.js';
import { assertRight, BadServerSession, CHUNK, LATER_CHUNK, PATH } from './bad-server-session.js';

const AT_A_TIME = 6;
/** What opening may take where a server is asked again, in milliseconds. */
const PATIENCE = 8000;

interface Refusal {
  readonly title: string;
  readonly code: ErrorCode;
  /** The sentence, with {host} for the server's. */
  readonly says: string;
  /** The server is asked so often. */
  readonly requests: number;
}

interface FaultyOpening extends Refusal {
  readonly fault: Fault;
}

const HOST = '{host}';
const ONCE = 1;
/** One request, and two more because the fault might heal. */
const THRICE = 3;

const wrongAnswer = (reason: string): Pick<Refusal, 'code' | 'says' | 'requests'> => ({
  code: 'server-answer',
  says: `The web server ${HOST} gave a wrong answer: ${reason}.`,
  requests: ONCE,
});
const redirectRefused = (reason: string): Pick<Refusal, 'code' | 'says' | 'requests'> => ({
  code: 'server-redirect',
  says: `The web server ${HOST} sends the request elsewhere, which is refused: ${reason}.`,
  requests: ONCE,
});
const busy = {
  code: 'server-busy',
  says: `The web server ${HOST} is busy.`,
  requests: THRICE,
} as const;
const lost = {
  code: 'network-failed',
  says: `The connection to ${HOST} was lost.`,
  requests: THRICE,
} as const;
const changed = {
  code: 'package-changed',
  says: `http://${HOST}/a.nxpk was changed while it was being read.`,
  requests: ONCE,
} as const;
const noRanges = {
  code: 'server-no-ranges',
  says: `The web server ${HOST} does not serve parts of a file.`,
  requests: ONCE,
} as const;
const notSecure = {
  code: 'network-tls',
  says: `There is no secure connection to ${HOST}: its certificate or encryption is not accepted.`,
} as const;

const FAULTY: readonly FaultyOpening[] = [
  {
    title: '404',
    fault: faults.status(404),
    code: 'server-not-found',
    says: `There is no http://${HOST}/a.nxpk.`,
    requests: ONCE,
  },
  {
    title: '403',
    fault: faults.status(403),
    code: 'server-forbidden',
    says: `The web server ${HOST} does not allow access to this file.`,
    requests: ONCE,
  },
  { title: '412', fault: faults.status(412), ...changed },
  { title: '416', fault: faults.unsatisfiable, ...wrongAnswer('status 416') },
  { title: '429', fault: faults.busy(429), ...busy },
  // Nobody waits for that at the beginning.
  { title: '429 and Retry-After: 1000000000', fault: faults.busy(429, '1000000000'), ...busy, requests: ONCE }, // prettier-ignore
  { title: '429 and Retry-After: -1', fault: faults.busy(429, '-1'), ...busy },
  { title: '503', fault: faults.busy(503), ...busy },
  {
    title: '500',
    fault: faults.status(500),
    code: 'server-failed',
    says: `The web server ${HOST} failed.`,
    requests: THRICE,
  },
  { title: '200 with the whole file', fault: faults.wholeFile, ...noRanges },
  { title: 'a part that ends early', fault: faults.shortBody(1000), ...lost },
  {
    title: 'a part that is too short, announced',
    fault: faults.shortBodyAnnounced(1000),
    ...wrongAnswer('it sends a part of another length'),
  },
  {
    title: 'a part that is too long, announced',
    fault: faults.longBodyAnnounced(1000),
    ...wrongAnswer('it sends a part of another length'),
  },
  { title: 'another part', fault: faults.otherPart(1), ...wrongAnswer('it sends another part') },
  { title: 'another size', fault: faults.otherTotal(5_000_000), ...changed },
  {
    title: '206 without Content-Range',
    fault: faults.contentRange(null),
    ...wrongAnswer('it does not say which part of the file it sends'),
  },
  {
    title: 'multipart/byteranges',
    fault: faults.multipart,
    ...wrongAnswer('it sends several parts where one was asked for'),
  },
  { title: 'a compressed part', fault: faults.gzip, ...wrongAnswer('it compresses parts of a file') }, // prettier-ignore
  { title: 'another entity tag', fault: faults.etag('"two"'), ...changed },
  { title: 'no validators any more', fault: faults.noValidators, ...changed },
  { title: 'a redirect in a circle', fault: faults.redirectLoop, ...redirectRefused('it leads in a circle') }, // prettier-ignore
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
    title: 'something that is not HTTP',
    fault: faults.garbage,
    ...wrongAnswer('it does not speak HTTP'),
  },
  {
    title: 'headers without end',
    fault: faults.endlessHeaders,
    ...wrongAnswer('its headers do not end'),
  },
  { title: 'a reset', fault: faults.resetBeforeHeaders, ...lost },
];

interface InsecureOpening extends Omit<Refusal, 'requests'> {
  readonly certificate: 'good' | 'expired' | 'wrongHost' | 'selfSigned';
  readonly fault?: Fault;
}

const INSECURE: readonly InsecureOpening[] = [
  { title: 'a certificate that has expired', certificate: 'expired', ...notSecure },
  { title: 'a certificate for another host', certificate: 'wrongHost', ...notSecure },
  { title: 'a certificate that nobody vouches for', certificate: 'selfSigned', ...notSecure },
  {
    title: 'a redirect from https to http',
    certificate: 'good',
    fault: faults.redirect('http://127.0.0.1:9/a.nxpk'),
    ...redirectRefused('it leads from https to http'),
  },
];

describe('a package is not opened, and nothing is left, where the server sends', function () {
  this.timeout(60_000);

  testConcurrently(FAULTY, AT_A_TIME, async ({ fault, code, says, requests }) => {
    await using session = await BadServerSession.create();
    const rule = session.server.faults.add({ fault });
    await assertRefused(session, code, says);
    // A redirect that is followed once more shows that it leads in a circle.
    assert.equal(session.server.requests.length, requests);

    rule.remove();
    await mkdir(session.wanted.directory, { recursive: true });
    await session.mount();
    await assertRight(session, CHUNK);
  });
});

describe('nothing is asked for over https where there is', function () {
  this.timeout(60_000);

  let certificates: Certificates;
  const trusted = process.env['NODE_EXTRA_CA_CERTS'];

  before(async () => {
    certificates = await makeCertificates();
    process.env['NODE_EXTRA_CA_CERTS'] = certificates.authorityPath;
  });

  after(async () => {
    if (trusted === undefined) delete process.env['NODE_EXTRA_CA_CERTS'];
    else process.env['NODE_EXTRA_CA_CERTS'] = trusted;
    await certificates[Symbol.asyncDispose]();
  });

  testConcurrently(INSECURE, AT_A_TIME, async ({ certificate, fault, code, says }) => {
    await using session = await BadServerSession.create({ tls: certificates[certificate] });
    if (fault !== undefined) session.server.faults.add({ fault });
    await assertRefused(session, code, says);
    assert.equal(session.server.requests.length, certificate === 'good' ? 1 : 0);
  });

  it('a wrong certificate where a session is led to in its middle, which is waited for', async () => {
    await using session = await BadServerSession.start({ tls: certificates.good });
    await assertRight(session, LATER_CHUNK);
    await using other = await startFaultServer({
      files: { [PATH]: session.file },
      tls: certificates.expired,
    });
    const redirect = faults.redirect(`${other.origin}${PATH}`);
    // As a train's portal does it: twice, so that it is told, and then it is gone.
    session.server.faults.add({ fault: redirect, when: { times: 2 } });
    await assertRight(session, CHUNK);
    assert.deepEqual(session.failures, []);
    const away = session.network.flatMap((state) => (state.away ? [state.error] : []));
    assert.deepEqual(
      [away[0]?.code, away[0]?.message],
      ['network-tls', notSecure.says.replace(HOST, new URL(other.origin).host)],
    );
    assert.equal(other.requests.length, 0);
  });
});

describe('a package is not opened where', function () {
  this.timeout(30_000);

  it('no computer has the name of the server', async () => {
    await using session = await BadServerSession.create();
    await assertRefused(
      session,
      'network-host-not-found',
      'There is no computer called nowhere.invalid.',
      'http://nowhere.invalid',
    );
  });

  it('nobody listens', async () => {
    await using session = await BadServerSession.create();
    await session.server.goDown();
    await assertRefused(session, 'network-refused', `The computer ${HOST} refused the connection.`);
  });
});

async function assertRefused(
  session: BadServerSession,
  code: ErrorCode,
  says: string,
  origin = session.server.origin,
): Promise<void> {
  const begin = performance.now();
  const message = says.replace(HOST, new URL(origin).host);
  await assert.rejects(session.mount(origin), { code, message });
  assert.ok(performance.now() - begin < PATIENCE);
  assert.deepEqual(await session.storedImages(), []);
  assert.equal(await isMounted(session.wanted.directory), false);
}
