import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OpenedSource } from '../../../src/core/fetch/index.js';
import { sendRange, startServer, type ScriptedServer } from '../../support/scripted-server.js';
import { quickOpen } from './quick-open.js';

const { signal } = new AbortController();
const content = Buffer.from(Array.from({ length: 400_000 }, (_, n) => (n * 31) % 251));

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

describe('a redirect', () => {
  const servers: ScriptedServer[] = [];
  let source: OpenedSource | null = null;

  afterEach(async () => {
    await source?.close();
    await Promise.all(servers.map((server) => server.stop()));
    servers.length = 0;
    source = null;
  });

  async function start(answer: Answer): Promise<ScriptedServer> {
    const server = await startServer(answer);
    servers.push(server);
    return server;
  }

  const file: Answer = (request, response) => {
    sendRange(request, response, content);
  };
  const to =
    (status: number, location: string): Answer =>
    (_, response) => {
      response.writeHead(status, { location }).end('<html>elsewhere</html>');
    };
  const paths = (server: ScriptedServer | undefined) => server?.requests.map(({ url }) => url);

  for (const status of [301, 302, 303, 307, 308]) {
    it(`is followed: status ${status}, and what it leads to is kept`, async () => {
      const mirror = await start(file);
      const origin = await start(to(status, `${mirror.origin}/b?signature=geheim`));
      source = await quickOpen(`${origin.origin}/a`);
      assert.equal(source.label, `${origin.origin}/a`);
      assert.ok(
        (await source.read(300_000, 10, signal)).equals(content.subarray(300_000, 300_010)),
      );
      assert.deepEqual(paths(origin), ['/a']);
      assert.deepEqual(paths(mirror), ['/b?signature=geheim', '/b?signature=geheim']);
      assert.equal(mirror.requests[1]?.headers['if-match'], '"one"');
    });
  }

  it('is followed up to five times, also relative ones', async () => {
    const hops =
      (count: number): Answer =>
      (request, response) => {
        const hop = Number(request.url?.slice(1));
        if (hop === count) file(request, response);
        else to(302, `${hop + 1}`)(request, response);
      };
    const five = await start(hops(5));
    source = await quickOpen(`${five.origin}/0`);
    const six = await start(hops(6));
    await assert.rejects(quickOpen(`${six.origin}/0`), {
      code: 'server-redirect',
      status: 65,
      message: /it leads on more than 5 times\.$/,
    });
  });

  const refused: readonly [string, RegExp][] = [
    ['file:///etc/passwd', /it leads to “file:”/],
    ['data:text/plain,geheim', /it leads to “data:”/],
    ['vmnetx+http://example.org/', /it leads to “vmnetx\+http:”/],
    ['ftp://example.org/geheim', /it leads to “ftp:”/],
    ['http://', /its address is not correct/],
    ['http://user:geheim@127.0.0.1/', /with a name or a password/],
    [`/${'a'.repeat(9000)}`, /its address is not correct/],
  ];
  for (const [location, message] of refused) {
    it(`is refused: ${location.slice(0, 30)}`, async () => {
      const server = await start(to(302, location));
      await assert.rejects(quickOpen(server.origin), (error) => {
        assert.ok(error instanceof Error && 'code' in error);
        assert.equal(error.code, 'server-redirect');
        assert.match(error.message, message);
        assert.doesNotMatch(`${error.message} ${JSON.stringify(error)}`, /geheim|passwd/);
        return true;
      });
    });
  }

  it('is refused where it says no address', async () => {
    const server = await start((_, response) => response.writeHead(302).end());
    await assert.rejects(quickOpen(server.origin), {
      code: 'server-redirect',
      message: /it does not say where/,
    });
  });

  it('is refused when it leads in a circle, at once', async () => {
    const server = await start((request, response) => {
      to(302, request.url === '/a' ? '/b' : '/a')(request, response);
    });
    await assert.rejects(quickOpen(`${server.origin}/a`), {
      code: 'server-redirect',
      message: /it leads in a circle/,
    });
    assert.deepEqual(paths(server), ['/a', '/b']);
  });

  it('may lead to itself once it has set a cookie', async () => {
    const server = await start((request, response) => {
      if (request.headers.cookie === 'seen=1') file(request, response);
      else response.writeHead(302, { location: '/a', 'set-cookie': 'seen=1' }).end();
    });
    source = await quickOpen(`${server.origin}/a`);
    assert.equal(source.size, content.length);
  });

  it('takes neither credentials nor cookies to another origin', async () => {
    const mirror = await start(file);
    const origin = await start((request, response) => {
      if (request.headers.authorization === undefined) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="a"' }).end();
      } else {
        const location = `${mirror.origin.replace('127.0.0.1', 'localhost')}/b`;
        response.writeHead(302, { location, 'set-cookie': 'a=b' }).end();
      }
    });
    source = await quickOpen(origin.origin.replace('//', '//user:geheim@'));
    await source.read(300_000, 10, signal);
    assert.equal(mirror.requests.length, 2);
    for (const { headers } of mirror.requests) {
      assert.equal(headers.authorization, undefined);
      assert.equal(headers.cookie, undefined);
    }
  });

  for (const status of [400, 401, 403, 404, 410]) {
    it(`is resolved once more when its address has expired: status ${status}`, async () => {
      let valid = 1;
      const mirror = await start((request, response) => {
        if (request.url === `/b?signature=${valid}`) file(request, response);
        else response.writeHead(status).end('expired');
      });
      const origin = await start((request, response) => {
        to(302, `${mirror.origin}/b?signature=${valid}`)(request, response);
      });
      source = await quickOpen(`${origin.origin}/a`);
      valid = 2;
      const opened = source;
      const reads = Array.from({ length: 8 }, async (_, n) => {
        const start = 300_000 + n * 1000;
        const bytes = await opened.read(start, 1000, signal);
        assert.ok(bytes.equals(content.subarray(start, start + 1000)));
      });
      await Promise.all(reads);
      assert.deepEqual(paths(origin), ['/a', '/a'], 'all of them share one resolution');
      await opened.read(310_000, 10, signal);
      assert.equal(mirror.requests.at(-1)?.url, '/b?signature=2');
    });
  }

  it('is resolved once more within a server that wants a log-in', async () => {
    let valid = 1;
    const origin = await start((request, response) => {
      if (request.headers.authorization === undefined) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="a"' }).end();
      } else if (request.url === '/a') to(302, `/b?signature=${valid}`)(request, response);
      else if (request.url === `/b?signature=${valid}`) file(request, response);
      else response.writeHead(403).end('expired');
    });
    source = await quickOpen(`${origin.origin.replace('//', '//user:geheim@')}/a`);
    valid = 2;
    await source.read(300_000, 10, signal);
    assert.deepEqual(paths(origin)?.slice(-3), ['/a', '/b?signature=2', '/b?signature=2']);
  });

  it('is believed to have expired only once for a request', async () => {
    let gone = false;
    const mirror = await start((request, response) => {
      if (gone) response.writeHead(403).end();
      else file(request, response);
    });
    const origin = await start(to(302, `${mirror.origin}/b`));
    source = await quickOpen(`${origin.origin}/a`);
    gone = true;
    await assert.rejects(source.read(300_000, 10, signal), { code: 'server-forbidden' });
    assert.deepEqual(paths(origin), ['/a', '/a']);
  });

  it('is an error at once where nothing was redirected', async () => {
    let gone = false;
    const origin = await start((request, response) => {
      if (gone) response.writeHead(404).end();
      else file(request, response);
    });
    source = await quickOpen(`${origin.origin}/a`);
    gone = true;
    await assert.rejects(source.read(300_000, 10, signal), { code: 'server-not-found' });
    assert.equal(origin.requests.length, 2);
  });

  it('is a change of the package when the new address has another file', async () => {
    let valid = 1;
    const mirror = await start((request, response) => {
      if (request.url !== `/${valid}`) response.writeHead(403).end();
      else sendRange(request, response, content, { etag: `"${valid}"` });
    });
    const origin = await start((request, response) => {
      to(302, `${mirror.origin}/${valid}`)(request, response);
    });
    source = await quickOpen(`${origin.origin}/a`);
    valid = 2;
    await assert.rejects(source.read(300_000, 10, signal), { code: 'package-changed', status: 65 });
  });

  it('is followed in the middle of a session, too', async () => {
    let moved = false;
    const mirror = await start(file);
    const origin = await start((request, response) => {
      if (moved) to(307, `${mirror.origin}/b`)(request, response);
      else file(request, response);
    });
    source = await quickOpen(`${origin.origin}/a`);
    moved = true;
    await source.read(300_000, 10, signal);
    await source.read(300_000, 10, signal);
    assert.equal(origin.requests.length, 2);
    assert.equal(mirror.requests.length, 2);
  });
});
