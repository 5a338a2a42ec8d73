import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSource, type OpenedSource } from '../../../src/core/fetch/index.js';
import { parsePackageUrl } from '../../../src/core/reference/index.js';
import { startNginx, type Nginx } from '../../support/nginx.js';
import { sendRange, startServer, type ScriptedServer } from '../../support/scripted-server.js';

const TIMEOUTS = { connect: 400, headers: 400, stall: 400, retry: 1 };
const { signal } = new AbortController();

function open(address: string, stop: AbortSignal = signal, wholeUpTo = 0): Promise<OpenedSource> {
  const url = parsePackageUrl(address);
  const location = { kind: 'url', url, label: url.label } as const;
  return openSource(location, { signal: stop, timeouts: TIMEOUTS, wholeUpTo });
}

describe('a file on nginx as a source', () => {
  const content = randomBytes(600_000);
  let directory = '';
  let nginx: Nginx;

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'http-source-'));
    writeFileSync(join(directory, 'a.nxpk'), content);
    writeFileSync(join(directory, 'small.nxpk'), 'PK small');
    writeFileSync(join(directory, 'empty.nxpk'), '');
    nginx = await startNginx(directory);
  });

  after(async () => {
    await nginx.stop();
    rmSync(directory, { recursive: true });
  });

  it('asks for the first 256 KiB once and serves them from memory', async () => {
    const before = (await nginx.requests()).length;
    const source = await open(`${nginx.origin}/a.nxpk?signature=geheim`);
    try {
      assert.equal(source.size, content.length);
      assert.equal(source.label, `${nginx.origin}/a.nxpk`);
      assert.match(source.validators.etag ?? '', /^"[0-9a-f]+-[0-9a-f]+"$/);
      assert.match(source.validators.lastModified ?? '', / GMT$/);
      assert.deepEqual(await source.read(0, 262_144, signal), content.subarray(0, 262_144));
      assert.deepEqual(await source.read(262_143, 1, signal), content.subarray(262_143, 262_144));
      assert.deepEqual(await source.read(262_143, 2, signal), content.subarray(262_143, 262_145));
      assert.deepEqual(await source.read(599_999, 1, signal), content.subarray(599_999));
    } finally {
      await source.close();
    }
    const requests = (await nginx.requests()).slice(before);
    assert.deepEqual(
      requests.map(({ status, range, bodyBytes }) => [status, range, bodyBytes]),
      [
        [206, 'bytes=0-262143', 262_144],
        [206, 'bytes=262143-262144', 2],
        [206, 'bytes=599999-599999', 1],
      ],
    );
    assert.match(requests[0]?.userAgent ?? '', /^vmnetx\/\d+\.\d+\.\d+$/);
  });

  it('reads many ranges at the same time', async () => {
    const source = await open(`${nginx.origin}/a.nxpk`);
    try {
      const starts = Array.from({ length: 40 }, (_, n) => 262_144 + n * 8000);
      const pieces = await Promise.all(starts.map((start) => source.read(start, 8000, signal)));
      assert.deepEqual(Buffer.concat(pieces), content.subarray(262_144, 262_144 + 320_000));
    } finally {
      await source.close();
    }
  });

  it('takes files that are shorter than the first request, and empty ones', async () => {
    const small = await open(`${nginx.origin}/small.nxpk`);
    assert.deepEqual([small.size, small.head.toString(), small.ranged], [8, 'PK small', true]);
    await small.close();
    const empty = await open(`${nginx.origin}/empty.nxpk`, signal, 10);
    assert.equal(empty.size, 0);
    await empty.close();
  });

  it('notices that the file was replaced', async () => {
    const path = join(directory, 'changing.nxpk');
    writeFileSync(path, content);
    const source = await open(`${nginx.origin}/changing.nxpk`);
    utimesSync(path, 1000, 1000);
    await assert.rejects(source.read(300_000, 10, signal), { code: 'package-changed', status: 65 });
    await source.close();
  });

  it('says that a file is not there', async () => {
    await assert.rejects(open(`${nginx.origin}/none.nxpk?geheim`), {
      code: 'server-not-found',
      status: 66,
      message: `There is no ${nginx.origin}/none.nxpk.`,
    });
  });

  it('is not misled by a site that compresses everything', async () => {
    const careless = await startNginx(directory, { gzipEverything: true });
    try {
      const source = await open(`${careless.origin}/a.nxpk`);
      assert.deepEqual(await source.read(300_000, 10, signal), content.subarray(300_000, 300_010));
      await source.close();
    } finally {
      await careless.stop();
    }
  });
});

describe('a wrong answer of a web server', () => {
  const content = randomBytes(300_000);
  let server: ScriptedServer | null = null;
  let source: OpenedSource | null = null;

  afterEach(async () => {
    await source?.close();
    await server?.stop();
    source = null;
    server = null;
  });

  type Answer = (request: IncomingMessage, response: ServerResponse) => void;

  /** Opens a file of which the first answer is right, the second one as given. */
  async function readSecond(second: Answer, first: Readonly<Record<string, string>> = {}) {
    server = await startServer((request, response) => {
      if (request.headers.range === 'bytes=0-262143') sendRange(request, response, content, first);
      else second(request, response);
    });
    source = await open(`${server.origin}/a?geheim`);
    return await source.read(270_000, 1000, signal);
  }

  async function openFirst(answer: Answer, wholeUpTo = 0): Promise<OpenedSource> {
    server = await startServer(answer);
    source = await open(`${server.origin}/a?geheim`, signal, wholeUpTo);
    return source;
  }

  const status =
    (code: number, headers: Readonly<Record<string, string>> = {}): Answer =>
    (_, response) => {
      // prettier-ignore
      response.writeHead(code, headers).end('some text');
    };

  const statuses: readonly [number, string, number][] = [
    [200, 'server-no-ranges', 65],
    [204, 'server-answer', 65],
    [301, 'server-redirect', 65],
    [302, 'server-redirect', 65],
    [304, 'server-answer', 65],
    [307, 'server-redirect', 65],
    [400, 'server-answer', 65],
    [401, 'server-login-required', 77],
    [403, 'server-forbidden', 77],
    [404, 'server-not-found', 66],
    [407, 'network-proxy-login', 77],
    [408, 'server-busy', 69],
    [410, 'server-not-found', 66],
    [412, 'package-changed', 65],
    [429, 'server-busy', 69],
    [500, 'server-failed', 69],
    [502, 'server-failed', 69],
    [503, 'server-busy', 69],
  ];
  for (const [number, code, exitStatus] of statuses) {
    it(`is named: status ${number}, at the beginning and later`, async () => {
      const expected = { code, status: exitStatus, message: /^(?!.*geheim)/ };
      await assert.rejects(openFirst(status(number, { location: 'file:///etc/passwd' })), expected);
      await server?.stop();
      await assert.rejects(readSecond(status(number)), expected);
    });
  }

  it('is refused when a later status 416 says that the file became shorter', async () => {
    await assert.rejects(readSecond(status(416)), { code: 'package-changed' });
  });

  const wrongRanges: readonly [string, Readonly<Record<string, string>>][] = [
    ['another range', { 'content-range': 'bytes 0-999/300000' }],
    ['a shifted range', { 'content-range': 'bytes 270001-271000/300000' }],
    ['an unknown total', { 'content-range': 'bytes 270000-270999/*' }],
    ['nonsense for a range', { 'content-range': 'bytes */300000' }],
    ['a range beyond the total', { 'content-range': 'bytes 270000-270999/1000' }],
    ['a total beyond all numbers', { 'content-range': 'bytes 270000-270999/9999999999999999' }],
    ['a compressed body', { 'content-encoding': 'gzip' }],
  ];
  for (const [what, headers] of wrongRanges) {
    it(`is refused: ${what}`, async () => {
      const reading = readSecond((request, response) => {
        sendRange(request, response, content, headers);
      });
      await assert.rejects(reading, { code: 'server-answer', status: 65 });
    });
  }

  it('is refused: no range at all', async () => {
    await assert.rejects(readSecond(status(206)), { code: 'server-answer' });
    await server?.stop();
    await assert.rejects(openFirst(status(206)), { code: 'server-answer' });
  });

  it('is refused: a first part that is not the first', async () => {
    for (const range of ['bytes 1-262144/300000', 'bytes 0-99/300000', 'bytes 0-299999/300000']) {
      const opening = openFirst((request, response) => {
        sendRange(request, response, content, { 'content-range': range });
      });
      await assert.rejects(opening, { code: 'server-answer' });
      await server?.stop();
    }
  });

  const changes: readonly [string, Readonly<Record<string, string>>][] = [
    ['ETag', { etag: '"two"' }],
    ['weakness of the ETag', { etag: 'W/"one"' }],
    ['Last-Modified', { 'last-modified': 'Fri, 02 Jan 2015 00:00:00 GMT' }],
    ['size', { 'content-range': 'bytes 270000-270999/300001' }],
  ];
  for (const [what, headers] of changes) {
    it(`is a change of the package: another ${what}`, async () => {
      const reading = readSecond((request, response) => {
        sendRange(request, response, content, headers);
      });
      await assert.rejects(reading, { code: 'package-changed' });
    });
  }

  it('is a change of the package: an ETag that is gone', async () => {
    const reading = readSecond((_, response) => {
      const range = { 'content-range': 'bytes 270000-270999/300000', 'content-length': '1000' };
      response.writeHead(206, range).end(content.subarray(270_000, 271_000));
    });
    await assert.rejects(reading, { code: 'package-changed' });
  });

  it('is refused: a body of another length', async () => {
    for (const length of [999, 1001, 0]) {
      const announced = readSecond((_, response) => {
        const { etag, date } = { etag: '"one"', date: 'Thu, 01 Jan 2015 00:00:00 GMT' };
        const range = 'bytes 270000-270999/300000';
        response.writeHead(206, { 'content-range': range, etag, 'last-modified': date });
        response.end(Buffer.alloc(length));
      });
      await assert.rejects(announced, { code: 'server-answer' });
      await source?.close();
      await server?.stop();
    }
  });

  it('is refused: a body without end that does not say its length', async () => {
    const reading = readSecond((_, response) => {
      response.writeHead(206, {
        'content-range': 'bytes 270000-270999/300000',
        etag: '"one"',
        'last-modified': 'Thu, 01 Jan 2015 00:00:00 GMT',
      });
      const timer = setInterval(() => response.write(Buffer.alloc(500)), 5);
      response.on('close', () => {
        clearInterval(timer);
      });
    });
    await assert.rejects(reading, { code: 'server-answer' });
  });

  it('is a lost connection: a body that does not begin', async () => {
    const reading = readSecond((_, response) => {
      response.writeHead(206, {
        'content-range': 'bytes 270000-270999/300000',
        'content-length': '1000',
        etag: '"one"',
        'last-modified': 'Thu, 01 Jan 2015 00:00:00 GMT',
      });
      response.destroy();
    });
    await assert.rejects(reading, { code: 'network-failed', status: 69, retryable: true });
  });

  it('is a time-out: silence before or after the headers', async () => {
    const start = performance.now();
    await assert.rejects(
      readSecond(() => undefined),
      { code: 'network-timeout', status: 69 },
    );
    await source?.close();
    await server?.stop();
    const stall = readSecond((_, response) => {
      response.writeHead(206, {
        'content-range': 'bytes 270000-270999/300000',
        etag: '"one"',
        'last-modified': 'Thu, 01 Jan 2015 00:00:00 GMT',
      });
      response.write('x');
    });
    await assert.rejects(stall, { code: 'network-timeout' });
    assert.ok(performance.now() - start < 5000);
  });

  it('does not matter for a small file that comes as a whole, if that is allowed', async () => {
    const whole = await openFirst(status(200), 9);
    assert.deepEqual([whole.ranged, whole.size, whole.head.toString()], [false, 9, 'some text']);
    await source?.close();
    await server?.stop();
    await assert.rejects(openFirst(status(200), 8), { code: 'server-no-ranges' });
    await server?.stop();
    await assert.rejects(openFirst(status(200, { 'content-encoding': 'gzip' }), 9), {
      code: 'server-no-ranges',
    });
  });
});

describe('requests for a file', () => {
  const content = randomBytes(300_000);

  /** The headers of a second request after a first answer with the given ones. */
  async function secondRequest(headers: Readonly<Record<string, string>>) {
    const server = await startServer((request, response) => {
      sendRange(request, response, content, headers);
    });
    const source = await open(`${server.origin}/a b?c=d`.replace(' ', '%20'));
    try {
      await source.read(270_000, 10, signal);
      const second = server.requests[1];
      assert.ok(second !== undefined);
      assert.equal(second.url, '/a%20b?c=d');
      return second.headers;
    } finally {
      await source.close();
      await server.stop();
    }
  }

  it('ask for the bytes as they are, by range, with a strong ETag as condition', async () => {
    const headers = await secondRequest({});
    assert.equal(headers.range, 'bytes=270000-270009');
    assert.equal(headers['accept-encoding'], 'identity');
    assert.equal(headers['if-match'], '"one"');
    assert.equal(headers['if-unmodified-since'], undefined);
  });

  it('fall back on the date where the ETag is weak', async () => {
    const headers = await secondRequest({ etag: 'W/"one"' });
    assert.equal(headers['if-match'], undefined);
    assert.equal(headers['if-unmodified-since'], 'Thu, 01 Jan 2015 00:00:00 GMT');
  });

  it('never carry the credentials of the address in their path, nor show them', async () => {
    const server = await startServer((_, response) => response.writeHead(401).end());
    try {
      const address = server.origin.replace('//', '//user:geheim@');
      await assert.rejects(open(address), (error) => {
        assert.doesNotMatch(`${String(error)} ${JSON.stringify(error)}`, /user:|geheim/);
        return true;
      });
      assert.doesNotMatch(server.requests[0]?.url ?? '', /geheim/);
    } finally {
      await server.stop();
    }
  });

  it('end at once when their signal is aborted or the source is closed', async () => {
    const server = await startServer((request, response) => {
      if (request.headers.range === 'bytes=0-262143') sendRange(request, response, content);
    });
    try {
      const source = await open(`${server.origin}/a`);
      const controller = new AbortController();
      const aborted = source.read(270_000, 10, controller.signal);
      const closed = source.read(280_000, 10, signal);
      setTimeout(() => {
        controller.abort();
      }, 30);
      await assert.rejects(aborted, { name: 'AbortError' });
      const start = performance.now();
      const failed = assert.rejects(closed, { name: 'AbortError' });
      await source.close();
      await failed;
      await source.close();
      await assert.rejects(source.read(280_000, 10, signal), { name: 'AbortError' });
      assert.ok(performance.now() - start < 200);
    } finally {
      await server.stop();
    }
  });

  it('go through the proxy that the environment names', async () => {
    const server = await startServer((request, response) => {
      sendRange(request, response, content);
    });
    process.env['http_proxy'] = server.origin;
    try {
      const source = await open('http://vmnetx.invalid/a');
      await source.close();
      assert.equal(server.requests[0]?.url, 'http://vmnetx.invalid/a');
    } finally {
      delete process.env['http_proxy'];
      await server.stop();
    }
  });
});

describe('a network that fails', () => {
  let server: Server;
  let answer: (socket: Socket) => void = () => undefined;
  let port = 0;

  before(async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      answer(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (typeof address === 'object' && address !== null) port = address.port;
  });

  after(() => {
    server.close();
  });

  it('is named: an unknown host', async () => {
    await assert.rejects(open('http://user:geheim@vmnetx.invalid/a?geheim'), {
      code: 'network-host-not-found',
      status: 69,
      message: 'There is no computer called vmnetx.invalid.',
    });
  });

  it('is named: a refused connection', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const address = closed.address();
    const free = typeof address === 'object' && address !== null ? address.port : 0;
    closed.close();
    await once(closed, 'close');
    await assert.rejects(open(`http://127.0.0.1:${free}/`), {
      code: 'network-refused',
      status: 69,
    });
  });

  it('is named: a TLS handshake that does not begin', async () => {
    answer = () => undefined;
    await assert.rejects(open(`https://127.0.0.1:${port}/`), {
      code: 'network-timeout',
      status: 69,
    });
  });

  it('is named: something else than TLS', async () => {
    answer = (socket) => socket.end('220 mail.example.org\r\n');
    await assert.rejects(open(`https://127.0.0.1:${port}/`), { code: 'network-tls', status: 69 });
  });

  it('is named: something else than HTTP', async () => {
    answer = (socket) => socket.end('220 mail.example.org\r\n');
    await assert.rejects(open(`http://127.0.0.1:${port}/`), { code: 'server-answer', status: 65 });
  });

  it('is named: headers without end', async () => {
    answer = (socket) => {
      socket.write('HTTP/1.1 206 Partial Content\r\n');
      const timer = setInterval(() => socket.write(`x-a: ${'b'.repeat(1000)}\r\n`), 1);
      socket.on('close', () => {
        clearInterval(timer);
      });
    };
    await assert.rejects(open(`http://127.0.0.1:${port}/`), { code: 'server-answer', status: 65 });
  });

  it('is named: a connection that is closed', async () => {
    answer = (socket) => socket.destroy();
    await assert.rejects(open(`http://127.0.0.1:${port}/`), { code: 'network-failed', status: 69 });
  });
});
