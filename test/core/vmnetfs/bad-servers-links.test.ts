import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { newAccess } from '../../../src/core/fetch/index.js';
import { bytesFile, faults, startFaultServer } from '../../support/fault-server/index.js';
import { startServer } from '../../support/scripted-server.js';
import { until } from '../../support/wait.js';
import {
  assertRight,
  assertStoreRight,
  BadServerSession,
  CHUNK,
  LATER_CHUNK,
  PATH,
} from './bad-server-session.js';

const TARGET = '/signed/a.nxpk';

/** Mounts a package whose address leads to links that expire. */
async function mountByLinks(
  session: BadServerSession,
  limits?: Parameters<typeof faults.signedLinks>[1],
): Promise<ReturnType<typeof faults.signedLinks>> {
  const links = faults.signedLinks(TARGET, limits);
  session.server.replace(TARGET, session.file);
  session.server.faults.add({ fault: links.issue, when: { path: PATH } });
  session.server.faults.add({ fault: links.check, when: { path: TARGET } });
  await session.mount();
  return links;
}

describe('a link that is signed for some time', function () {
  this.timeout(30_000);

  it('expires in the middle of a session, which goes on by a new one', async () => {
    await using session = await BadServerSession.create();
    const links = await mountByLinks(session);
    await assertRight(session, CHUNK);
    assert.equal(links.issued, 1);
    links.expireAll();
    await assertRight(session, LATER_CHUNK);
    assert.equal(links.issued, 2);
    assert.deepEqual([session.failures, session.network], [[], []]);
    await assertStoreRight(session, CHUNK, LATER_CHUNK);
  });

  it('expires while several readers wait, and is made anew once for all of them', async () => {
    await using session = await BadServerSession.create();
    const links = await mountByLinks(session);
    links.expireAll();
    const chunks = [4, CHUNK, 8, LATER_CHUNK + 1];
    const read = await Promise.all(chunks.map((chunk) => session.read(chunk)));
    chunks.forEach((chunk, at) => {
      assert.ok(session.rightBytes(chunk).equals(Buffer.from(read[at] ?? '')));
    });
    assert.equal(links.issued, 2);
    assert.deepEqual(session.failures, []);
    await assertStoreRight(session, ...chunks);
  });

  for (const status of [401, 404, 410]) {
    it(`expires after each few requests with ${status}, which costs only time`, async () => {
      await using session = await BadServerSession.create();
      // More than are under way at a time: a new link must not be used up before all had it.
      const links = await mountByLinks(session, { requests: 4, status });
      for (const chunk of [2, 4, CHUNK, 8, LATER_CHUNK]) await assertRight(session, chunk);
      for (const chunk of [1, 3, 5, 7]) await assertRight(session, chunk);
      assert.ok(links.issued > 2);
      assert.deepEqual([session.failures, session.network], [[], []]);
      await assertStoreRight(session, CHUNK, LATER_CHUNK);
    });
  }

  it('expires, and the new one leads to another file: nothing of that is kept', async () => {
    await using session = await BadServerSession.create();
    const links = await mountByLinks(session);
    await assertRight(session, CHUNK);
    links.expireAll();
    const other = Buffer.alloc(session.bytes.length, 'x');
    session.server.replace(TARGET, bytesFile(other, { etag: '"two"' }));
    assert.equal(await session.read(LATER_CHUNK), 'EIO');
    assert.deepEqual(
      session.failures.map(({ code, message }) => [code, message]),
      [['package-changed', `${session.server.origin}/a.nxpk was changed while it was being read.`]],
    );
    await assertStoreRight(session, CHUNK);
    assert.deepEqual((await session.storedDisk()).present, [CHUNK]);
  });

  it('expires for good: the reader gets an error that says so without the signature', async () => {
    await using session = await BadServerSession.create();
    const links = await mountByLinks(session);
    links.expireAll();
    session.server.faults.add({ fault: faults.status(403) });
    assert.equal(await session.read(CHUNK), 'EIO');
    const [failure] = session.failures;
    assert.equal(failure?.code, 'server-forbidden');
    assert.doesNotMatch(
      JSON.stringify([failure.message, failure.hint, failure.detail]),
      /signature/,
    );
  });

  it('expires while who makes them is away: the reader waits', async () => {
    await using session = await BadServerSession.create();
    const links = await mountByLinks(session);
    links.expireAll();
    const rule = session.server.faults.add({ fault: faults.status(503), when: { path: PATH } });
    const reading = session.read(CHUNK);
    await until('it is told', () => session.network.length > 0);
    rule.remove();
    assert.ok(session.rightBytes(CHUNK).equals(Buffer.from(await reading)));
    await until('it is told that all is well', () => session.network.at(-1)?.away === false);
    assert.deepEqual(session.failures, []);
    await assertStoreRight(session, CHUNK);
  });

  it('finds what was kept by another one, and is not kept itself', async () => {
    await using session = await BadServerSession.create();
    const signed = (signature: string) => ({
      package: { href: `${session.server.origin}${PATH}?signature=${signature}` },
    });
    await session.mount(session.server.origin, signed('one'));
    await assertRight(session, CHUNK);
    await session.unmount();
    await mkdir(session.wanted.directory, { recursive: true });
    await session.mount(session.server.origin, signed('two'));
    const since = session.server.requests.length;
    await assertRight(session, CHUNK);
    assert.equal(session.server.requests.length, since);
    await assertRight(session, LATER_CHUNK);
    assert.equal(session.server.requests.at(-1)?.query, 'signature=two');
    // One disk, one memory.
    const images = await session.storedImages();
    assert.equal(images.length, 2);
    for (const { url } of images) assert.equal(url, `${session.server.origin}${PATH}`);
    await assertStoreRight(session, CHUNK, LATER_CHUNK);
  });
});

describe('a redirect to another site', function () {
  this.timeout(30_000);

  const account = { user: 'somebody', password: 'open sesame' };

  it('brings the package, but not the log-in and the cookies', async () => {
    await using session = await BadServerSession.create({
      onLogin: () => ({ username: account.user, password: account.password }),
    });
    await using other = await startFaultServer({ files: { [PATH]: session.file } });
    const { faults: rules } = session.server;
    rules.add({ fault: faults.redirect(`${other.origin}${PATH}`) });
    rules.add({ fault: faults.cookies('session=secret; Path=/') });
    rules.add({ fault: faults.basicLogin(account) });
    // Cookies go by the host's name, whatever the port.
    await session.mount(session.server.origin.replace('127.0.0.1', 'localhost'));
    await assertRight(session, CHUNK, LATER_CHUNK);
    assert.equal(session.logins.length, 1);
    assert.ok(session.server.requests.some(({ headers }) => headers.authorization !== undefined));
    assert.ok(other.requests.length > 0);
    for (const { headers } of other.requests) {
      assert.deepEqual([headers.authorization, headers.cookie], [undefined, undefined]);
    }
    await assertStoreRight(session, CHUNK, LATER_CHUNK);
  });

  it('is not followed into a private network in the middle of a session, which waits', async () => {
    await using session = await BadServerSession.create();
    await using hidden = await startServer(() => undefined, '127.0.0.2');
    // To this link, the package's own server is as good as a public one.
    const privateHosts = [{ address: '127.0.0.1', family: 'ipv4', prefix: 32 }] as const;
    const access = newAccess({ privateNetworks: false, privateHosts });
    await session.mount(session.server.origin, { access });
    await assertRight(session, LATER_CHUNK);
    const fault = faults.redirect(`${hidden.origin}${PATH}`);
    session.server.faults.add({ fault, when: { times: 2 } });
    await assertRight(session, CHUNK);
    assert.deepEqual(session.failures, []);
    const away = session.network.flatMap((state) => (state.away ? [state.error.code] : []));
    assert.equal(away[0], 'network-private-address');
    assert.equal(hidden.requests.length, 0);
    await assertStoreRight(session, CHUNK, LATER_CHUNK);
  });
});
