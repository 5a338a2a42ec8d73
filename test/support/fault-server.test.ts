import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  bytesFile,
  faults,
  folderFiles,
  generatedBytes,
  generatedFile,
  makeCertificates,
  startFaultServer,
  type FaultServer,
} from './fault-server/index.js';
import { ask, askRange } from './http-request.js';
import { randomBytes, seeded } from './random.js';
import { until } from './wait.js';

const file = randomBytes(700_000, seeded(3));
const lastModified = new Date('2015-01-01T00:00:00Z');
const TERABYTE = 2 ** 40;

describe('A fault server without faults', () => {
  let server: FaultServer;

  beforeEach(async () => {
    server = await startFaultServer({
      files: {
        '/a': bytesFile(file),
        '/weak': bytesFile(file, { etag: 'W/"one"' }),
        '/big': generatedFile(TERABYTE, 7),
        '/empty': bytesFile(Buffer.alloc(0)),
      },
    });
  });

  afterEach(() => server.stop());

  it('sends whole files, with what a client needs to recognise them', async () => {
    const { status, headers, body } = await ask(`${server.origin}/a`);
    assert.equal(status, 200);
    assert.ok(body.equals(file));
    assert.equal(headers.etag, '"one"');
    assert.equal(headers['last-modified'], lastModified.toUTCString());
    assert.equal(headers['accept-ranges'], 'bytes');
    assert.equal(headers['content-length'], '700000');
    const empty = await ask(`${server.origin}/empty`);
    assert.deepEqual([empty.status, empty.body.length], [200, 0]);
  });

  it('sends parts', async () => {
    const parts: readonly [string, number, number][] = [
      ['bytes=0-0', 0, 0],
      ['bytes=100-300099', 100, 300_099],
      ['bytes=699990-800000', 699_990, 699_999],
      ['bytes=699990-', 699_990, 699_999],
      ['bytes=-10', 699_990, 699_999],
      ['bytes=-900000', 0, 699_999],
    ];
    for (const [range, first, last] of parts) {
      const { status, headers, body } = await ask(`${server.origin}/a`, { headers: { range } });
      assert.equal(status, 206, range);
      assert.equal(headers['content-range'], `bytes ${first}-${last}/700000`);
      assert.equal(headers['content-length'], String(last + 1 - first));
      assert.ok(body.equals(file.subarray(first, last + 1)), range);
    }
  });

  it('sends a part of a file that is a terabyte, at once', async () => {
    const reply = await askRange(`${server.origin}/big`, TERABYTE - 1000, TERABYTE - 1);
    assert.equal(reply.headers['content-range'], `bytes ${TERABYTE - 1000}-${TERABYTE - 1}/${TERABYTE}`); // prettier-ignore
    assert.ok(reply.body.equals(generatedBytes(7, TERABYTE - 1000, 1000)));
    assert.ok(reply.body.subarray(137).equals(generatedBytes(7, TERABYTE - 863, 863)));
  });

  it('says which ranges there are not, and ignores what is no range', async () => {
    for (const range of ['bytes=700000-700001', 'bytes=-0']) {
      const { status, headers } = await ask(`${server.origin}/a`, { headers: { range } });
      assert.deepEqual([status, headers['content-range']], [416, 'bytes */700000'], range);
    }
    for (const range of ['bytes=5-1', 'bytes=0-1,5-6', 'lines=0-1', 'bytes=a-b']) {
      const { status, body } = await ask(`${server.origin}/a`, { headers: { range } });
      assert.deepEqual([status, body.length], [200, 700_000], range);
    }
  });

  it('holds to preconditions', async () => {
    const before = new Date(lastModified.getTime() - 1000).toUTCString();
    const same = lastModified.toUTCString();
    const cases: readonly [string, Readonly<Record<string, string>>, number][] = [
      ['/a', { 'if-match': '"one"' }, 206],
      ['/a', { 'if-match': '"zero", "one"' }, 206],
      ['/a', { 'if-match': '*' }, 206],
      ['/a', { 'if-match': '"two"' }, 412],
      ['/weak', { 'if-match': 'W/"one"' }, 412],
      ['/a', { 'if-match': '"one"', 'if-unmodified-since': before }, 206],
      ['/a', { 'if-unmodified-since': same }, 206],
      ['/a', { 'if-unmodified-since': before }, 412],
      ['/a', { 'if-range': '"one"' }, 206],
      ['/a', { 'if-range': '"two"' }, 200],
      ['/weak', { 'if-range': 'W/"one"' }, 200],
      ['/a', { 'if-range': same }, 206],
      ['/a', { 'if-range': before }, 200],
    ];
    for (const [path, headers, status] of cases) {
      const reply = await askRange(server.origin + path, 1, 2, { headers });
      assert.equal(reply.status, status, JSON.stringify(headers));
    }
  });

  it('answers HEAD without a body, and refuses what it does not know', async () => {
    const head = await ask(`${server.origin}/a`, { method: 'HEAD' });
    assert.deepEqual([head.status, head.headers['content-length'], head.body.length], [200, '700000', 0]); // prettier-ignore
    assert.equal((await ask(`${server.origin}/none`)).status, 404);
    assert.equal((await ask(`${server.origin}/%ff`)).status, 404);
    assert.equal((await ask(`${server.origin}/a`, { method: 'DELETE' })).status, 405);
  });

  it('keeps connections, and counts what went over them', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let times = 0; times < 3; times++)
      await askRange(`${server.origin}/a`, 0, 9999, { agent });
    assert.deepEqual(
      server.requests.map(({ connection, turn }) => [connection, turn]),
      [1, 2, 3].map((turn) => [1, turn]),
    );
    const { connections, bytesSent, bytesReceived } = server.traffic();
    assert.equal(connections, 1);
    assert.ok(bytesSent > 30_000 && bytesSent < 32_000, `${bytesSent}`);
    assert.ok(bytesReceived > 200 && bytesReceived < 1000, `${bytesReceived}`);
    agent.destroy();
  });

  it('writes down what was asked and answered', async () => {
    await askRange(`${server.origin}/a?signature=secret`, 5, 14, { headers: { 'x-a': 'b' } });
    const [request] = server.requests;
    assert.ok(request);
    const { method, path, query, range, status, bodyBytes, ended, headers } = request;
    assert.deepEqual(
      { method, path, query, range, status, bodyBytes, ended },
      { method: 'GET', path: '/a', query: 'signature=secret', range: 'bytes=5-14', status: 206, bodyBytes: 10, ended: true }, // prettier-ignore
    );
    assert.equal(headers['x-a'], 'b');
  });

  it('serves another file when it is replaced', async () => {
    server.replace('/a', bytesFile(Buffer.from('other'), { etag: '"two"' }));
    const { body, headers } = await ask(`${server.origin}/a`);
    assert.deepEqual([body.toString(), headers.etag], ['other', '"two"']);
    const late = await ask(`${server.origin}/a`, { headers: { 'if-match': '"one"' } });
    assert.equal(late.status, 412);
    server.replace('/a', null);
    assert.equal((await ask(`${server.origin}/a`)).status, 404);
  });

  it('goes down and comes up again at the same place', async () => {
    server.faults.add({ fault: faults.stallAt(1000) });
    const agent = new Agent({ keepAlive: true });
    const underWay = ask(`${server.origin}/a`, { agent });
    await until('the body has begun', () => (server.requests[0]?.bodyBytes ?? 0) > 0);
    await server.goDown();
    assert.equal((await underWay).error, 'ECONNRESET');
    assert.equal((await ask(`${server.origin}/a`)).error, 'ECONNREFUSED');
    server.faults.clear();
    await server.comeUp();
    assert.equal((await ask(`${server.origin}/a`)).status, 200);
    agent.destroy();
  });

  it('can be frozen, also in the middle of a body', async () => {
    server.faults.add({ when: { times: 1 }, fault: faults.trickle(1000, 1) });
    const underWay = askRange(`${server.origin}/a`, 0, 299_999);
    await until('the body has begun', () => (server.requests[0]?.bodyBytes ?? 0) > 0);
    server.freeze();
    const frozen = await ask(`${server.origin}/a`, { patience: 150 });
    assert.deepEqual([frozen.status, frozen.error], [null, 'given up']);
    const sent = server.requests[0]?.bodyBytes;
    const waiting = ask(`${server.origin}/a`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(server.requests[0]?.bodyBytes, sent);
    server.thaw();
    assert.equal((await waiting).body.length, 700_000);
    assert.ok((await underWay).body.equals(file.subarray(0, 300_000)));
  });

  it('ends with everything, also what waits', async () => {
    server.faults.add({ fault: faults.silence });
    const waiting = ask(`${server.origin}/a`);
    await until('the request is there', () => server.requests.length > 0);
    await server.stop();
    assert.equal((await waiting).error, 'ECONNRESET');
    await server.stop();
  });
});

describe('A fault server over a folder', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fault-server-'));
    await writeFile(join(folder, 'a'), file);
  });

  after(() => rm(folder, { recursive: true }));

  it('serves what lies there at the time', async () => {
    await using server = await startFaultServer({ files: folderFiles(folder) });
    const before = await askRange(`${server.origin}/a`, 5, 600_000);
    assert.ok(before.body.equals(file.subarray(5, 600_001)));
    await writeFile(join(folder, 'a'), 'shorter');
    const after = await ask(`${server.origin}/a`);
    assert.equal(after.body.toString(), 'shorter');
    assert.notEqual(after.headers.etag, before.headers.etag);
    await writeFile(join(folder, 'a'), '');
    assert.equal((await ask(`${server.origin}/a`)).status, 200);
    assert.equal((await ask(`${server.origin}/../../etc/passwd`)).status, 404);
    assert.equal((await ask(`${server.origin}/`)).status, 404);
    await writeFile(join(folder, 'a'), file);
  });
});

describe('A fault server with TLS', () => {
  it('has a good certificate and bad ones', async () => {
    await using certificates = await makeCertificates();
    const authority = await readFile(certificates.authorityPath, 'utf8');
    const cases = [
      ['good', null],
      ['expired', 'CERT_HAS_EXPIRED'],
      ['wrongHost', 'ERR_TLS_CERT_ALTNAME_INVALID'],
      ['selfSigned', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ] as const;
    for (const [name, error] of cases) {
      await using server = await startFaultServer({
        files: { '/a': bytesFile(file) },
        tls: certificates[name],
      });
      assert.ok(server.origin.startsWith('https://127.0.0.1:'));
      const reply = await askRange(`${server.origin}/a`, 0, 499_999, { authority });
      assert.equal(reply.error, error, name);
      if (error === null) assert.ok(reply.body.equals(file.subarray(0, 500_000)));
    }
    await using server = await startFaultServer({
      files: { '/a': bytesFile(file) },
      tls: certificates.good,
    });
    const stranger = await ask(`${server.origin}/a`);
    assert.equal(stranger.error, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });

  it('has faults and can go away, too', async () => {
    await using certificates = await makeCertificates();
    const authority = await readFile(certificates.authorityPath, 'utf8');
    await using server = await startFaultServer({
      files: { '/a': bytesFile(file) },
      tls: certificates.good,
    });
    const added = server.faults.add({ fault: faults.resetAt(300_000) });
    const cut = await ask(`${server.origin}/a`, { authority });
    assert.equal(cut.error, 'ECONNRESET');
    assert.ok(cut.body.length > 250_000 && cut.body.length <= 300_000, `${cut.body.length}`);
    added.remove();
    await server.goDown();
    assert.equal((await ask(`${server.origin}/a`, { authority })).error, 'ECONNREFUSED');
    await server.comeUp();
    server.freeze();
    const waiting = ask(`${server.origin}/a`, { authority });
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(server.requests.length, 1);
    server.thaw();
    assert.ok((await waiting).body.equals(file));
    const { bytesSent } = server.traffic();
    assert.ok(bytesSent > 1_000_000 && bytesSent < 1_020_000, `${bytesSent}`);
  });
});
