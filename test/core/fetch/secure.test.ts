import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer, type Server } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FetchCounters, type OpenedSource } from '../../../src/core/fetch/index.js';
import { sendRange } from '../../support/scripted-server.js';
import { quickOpen } from './quick-open.js';

const { signal } = new AbortController();
const content = Buffer.alloc(400_000, 7);

/** Sets variables of the environment while a test runs. */
async function withEnvironment(
  variables: Readonly<Record<string, string>>,
  test: () => Promise<void>,
): Promise<void> {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    await test();
  } finally {
    for (const name of Object.keys(variables)) {
      const value = before[name];
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
}

async function listen(server: Server | HttpServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address: AddressInfo | string | null = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

describe('a secure connection', () => {
  let directory = '';
  const servers: (Server | HttpServer)[] = [];

  const path = (name: string): string => join(directory, name);
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { cwd: directory, stdio: 'ignore' });
  };

  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'secure-'));
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test authority', '-days', '2'); // prettier-ignore
    for (const [name, subject, days] of [
      ['good', 'IP:127.0.0.1,DNS:localhost', '2'],
      ['wrong-host', 'DNS:other.example.org', '2'],
      ['expired', 'IP:127.0.0.1', '-1'],
    ] as const) {
      openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`); // prettier-ignore
      writeFileSync(path(`${name}.ext`), `subjectAltName=${subject}`);
      openssl('x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', days, '-extfile', `${name}.ext`, '-out', `${name}.pem`); // prettier-ignore
    }
  });

  after(() => {
    rmSync(directory, { recursive: true });
  });

  afterEach(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
    servers.length = 0;
  });

  /** Serves the content with the named certificate; returns the address. */
  async function serve(name: string): Promise<string> {
    const server = createServer(
      { key: readFileSync(path(`${name}.key`)), cert: readFileSync(path(`${name}.pem`)) },
      (request, response) => {
        sendRange(request, response, content);
      },
    );
    servers.push(server);
    return `https://127.0.0.1:${await listen(server)}/a`;
  }

  async function check(source: OpenedSource): Promise<void> {
    try {
      assert.ok((await source.read(300_000, 10, signal)).equals(content.subarray(0, 10)));
    } finally {
      await source.close();
    }
  }

  it('is refused where the authority is not known to this computer', async () => {
    const address = await serve('good');
    await assert.rejects(quickOpen(address), {
      code: 'network-tls',
      status: 69,
      retryable: false,
      detail: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
  });

  it('goes by the authorities that SSL_CERT_FILE names, and counts what goes through', async () => {
    const address = await serve('good');
    await withEnvironment({ SSL_CERT_FILE: path('ca.pem') }, async () => {
      const counters = new FetchCounters();
      await check(await quickOpen(address, { counters }));
      assert.ok(counters.bytesReceived > 262_144 && counters.bytesReceived < 270_000);
    });
  });

  it('goes by those that NODE_EXTRA_CA_CERTS adds', async () => {
    const address = await serve('good');
    await withEnvironment({ NODE_EXTRA_CA_CERTS: path('ca.pem') }, async () => {
      await check(await quickOpen(address));
    });
  });

  const failures: readonly [string, string, string][] = [
    ['an expired certificate', 'expired', 'CERT_HAS_EXPIRED'],
    ['a certificate of another host', 'wrong-host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ];
  for (const [what, name, detail] of failures) {
    it(`is refused with ${what}`, async () => {
      const address = await serve(name);
      await withEnvironment({ SSL_CERT_FILE: path('ca.pem') }, async () => {
        await assert.rejects(quickOpen(address), { code: 'network-tls', detail });
      });
    });
  }

  it('is refused with a certificate that only vouches for itself', async () => {
    const address = await serve('ca');
    await assert.rejects(quickOpen(address), {
      code: 'network-tls',
      detail: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
  });

  it('says which file of certificates is missing', async () => {
    const address = await serve('good');
    await withEnvironment({ SSL_CERT_FILE: path('none.pem') }, async () => {
      await assert.rejects(quickOpen(address), {
        code: 'host-file-missing',
        message: `There is no ${path('none.pem')}.`,
      });
    });
  });

  it('is not left again by a redirect', async () => {
    const plain = createHttpServer((request, response) => {
      sendRange(request, response, content);
    });
    servers.push(plain);
    const port = await listen(plain);
    const server = createServer(
      { key: readFileSync(path('good.key')), cert: readFileSync(path('good.pem')) },
      (_, response) => response.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end(),
    );
    servers.push(server);
    const address = `https://127.0.0.1:${await listen(server)}/`;
    await withEnvironment({ SSL_CERT_FILE: path('ca.pem') }, async () => {
      await assert.rejects(quickOpen(address), {
        code: 'server-redirect',
        message: /it leads from https to http/,
      });
    });
  });

  describe('by a proxy', () => {
    /** A proxy that makes tunnels, and forwards nothing else. */
    async function startProxy(password: string | null): Promise<{ port: number; seen: string[] }> {
      const seen: string[] = [];
      const proxy = createHttpServer((request, response) => {
        seen.push(`${request.method ?? ''} ${request.url ?? ''}`);
        response.writeHead(407, { 'proxy-authenticate': 'Basic realm="proxy"' }).end();
      });
      proxy.on('connect', ({ url = '', headers }, socket) => {
        seen.push(`CONNECT ${url}`);
        const wanted = `Basic ${Buffer.from(password ?? '').toString('base64')}`;
        if (password !== null && headers['proxy-authorization'] !== wanted) {
          socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
          return;
        }
        const [host, port] = url.split(':');
        const target = connect(Number(port), host, () => {
          socket.write('HTTP/1.1 200 Connected\r\n\r\n');
          target.pipe(socket).pipe(target);
        });
        target.on('error', () => socket.destroy());
        socket.on('error', () => target.destroy());
      });
      servers.push(proxy);
      return { port: await listen(proxy), seen };
    }

    it('is a tunnel, with this computer’s certificates, and is counted once', async () => {
      const address = await serve('good');
      const { port, seen } = await startProxy('a:geheim');
      const environment = {
        https_proxy: `http://a:geheim@127.0.0.1:${port}`,
        SSL_CERT_FILE: path('ca.pem'),
      };
      await withEnvironment(environment, async () => {
        const counters = new FetchCounters();
        await check(await quickOpen(address, { counters }));
        assert.ok(counters.bytesReceived > 262_144, String(counters.bytesReceived));
        assert.ok(counters.bytesReceived < 280_000, String(counters.bytesReceived));
      });
      assert.deepEqual(new Set(seen), new Set([`CONNECT ${new URL(address).host}`]));
      await withEnvironment({ https_proxy: environment.https_proxy }, async () => {
        await assert.rejects(quickOpen(address), { code: 'network-tls' });
      });
    });

    it('is not made for whom no_proxy names', async () => {
      const address = await serve('good');
      const { port, seen } = await startProxy(null);
      const environment = {
        https_proxy: `http://127.0.0.1:${port}`,
        no_proxy: '127.0.0.1',
        SSL_CERT_FILE: path('ca.pem'),
      };
      await withEnvironment(environment, async () => {
        await check(await quickOpen(address));
      });
      assert.deepEqual(seen, []);
    });

    it('fails clearly where the proxy asks for a password', async () => {
      const address = await serve('good');
      const { port } = await startProxy('a:geheim');
      const proxy = `http://127.0.0.1:${port}`;
      const expected = { code: 'network-proxy-login', status: 77 };
      await withEnvironment({ https_proxy: proxy, http_proxy: proxy }, async () => {
        await assert.rejects(quickOpen(address), expected);
        await assert.rejects(quickOpen('http://vmnetx.invalid/a'), expected);
      });
    });

    it('fails clearly where there is no such proxy, and shows no password', async () => {
      await withEnvironment({ http_proxy: 'http://a:geheim@' }, async () => {
        await assert.rejects(quickOpen('http://vmnetx.invalid/a'), (error) => {
          assert.ok(error instanceof Error && 'code' in error);
          assert.equal(error.code, 'network-proxy');
          assert.doesNotMatch(JSON.stringify(error), /geheim/);
          return true;
        });
      });
    });
  });
});
