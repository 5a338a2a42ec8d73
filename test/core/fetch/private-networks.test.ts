import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { hostname } from 'node:os';
import { asVmnetxError, VmnetxError } from '../../../src/core/errors/index.js';
import {
  FULL_REACH,
  newAccess,
  resolveLocation,
  SYSTEM_ADDRESSING,
  type Addressing,
  type OpenedSource,
  type OpenOptions,
  type Reach,
} from '../../../src/core/fetch/index.js';
import { parseLocation } from '../../../src/core/reference/index.js';
import { parsePrivateHost } from '../../../src/core/settings/index.js';
import { sendRange, startServer, type ScriptedServer } from '../../support/scripted-server.js';
import { QUICK, quickOpen } from './quick-open.js';

const { signal } = new AbortController();
const file = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), Buffer.alloc(400_000, 7)]);

/** One address of this computer stands for the internet, the usual one for what is private. */
const PUBLIC = '127.0.0.2';
const ADDRESSING: Addressing = {
  lookup: SYSTEM_ADDRESSING.lookup,
  isPrivate: (address) => address !== PUBLIC && SYSTEM_ADDRESSING.isPrivate(address),
};
const LINK_REACH: Reach = { privateNetworks: false, privateHosts: [] };
const REFUSED = { name: 'VmnetxError', code: 'network-private-address', status: 77 };

/** What names are looked up as: each time the next of the answers, the last one for ever. */
function names(answers: Readonly<Record<string, readonly (readonly string[])[]>>): Addressing & {
  readonly lookups: readonly string[];
} {
  const lookups: string[] = [];
  return {
    ...ADDRESSING,
    lookups,
    lookup: (name, _, callback) => {
      const all = answers[name] ?? [];
      const count = lookups.filter((other) => other === name).length;
      lookups.push(name);
      const now = all[Math.min(count, all.length - 1)] ?? [];
      const addresses: readonly LookupAddress[] = now.map((address) => ({ address, family: 4 }));
      process.nextTick(callback, null, addresses);
    },
  };
}

describe('a server in a private network', () => {
  const servers: ScriptedServer[] = [];
  let source: OpenedSource | null = null;

  afterEach(async () => {
    await source?.close();
    await Promise.all(servers.map((server) => server.stop()));
    servers.length = 0;
    source = null;
  });

  async function start(
    host: string,
    answer: Parameters<typeof startServer>[0] = (request, response) => {
      sendRange(request, response, file);
    },
  ): Promise<ScriptedServer> {
    const server = await startServer(answer, host);
    servers.push(server);
    return server;
  }

  const redirectTo = (location: () => string): Parameters<typeof startServer>[0] =>
    function (_, response) {
      response.writeHead(302, { location: location() }).end();
    };
  const portOf = ({ origin }: ScriptedServer): string => new URL(origin).port;

  async function open(
    address: string,
    reach: Reach,
    options: Partial<OpenOptions> = {},
  ): Promise<OpenedSource> {
    const access = newAccess(reach);
    source = await quickOpen(address, { addressing: ADDRESSING, access, ...options });
    return source;
  }

  it('is asked where the user names it', async () => {
    const server = await start('127.0.0.1');
    assert.equal((await open(`${server.origin}/a`, FULL_REACH)).size, file.length);
    assert.deepEqual(source?.access().reach, FULL_REACH);
  });

  it('is not asked where a link names it, however its address is written', async () => {
    const server = await start('127.0.0.1');
    const port = portOf(server);
    const hosts = ['127.0.0.1', '127.1', '0x7f.0.0.1', '2130706433', '0', '[::1]', '[::ffff:7f00:1]'];
    for (const host of [...hosts, 'localhost', 'LOCALHOST.', 'a.localhost', '169.254.169.254']) {
      await assert.rejects(open(`http://${host}:${port}/a`, LINK_REACH), REFUSED, host);
    }
    assert.equal(server.requests.length, 0);
  }); // prettier-ignore

  it('is not asked where a link’s name leads there, by this computer’s own look-up', async () => {
    const options = { addressing: SYSTEM_ADDRESSING };
    await assert.rejects(open(`http://${hostname()}:9/a`, LINK_REACH, options), REFUSED);
  });

  it('is not asked where a link’s name leads there at the second look-up only', async () => {
    const server = await start(PUBLIC, (request, response) => {
      sendRange(request, response, file, { connection: 'close' });
    });
    const addressing = names({ 'example.org': [[PUBLIC], ['127.0.0.1']] });
    const opened = await open(`http://example.org:${portOf(server)}/a`, LINK_REACH, { addressing });
    await assert.rejects(opened.read(300_000, 10, signal), REFUSED);
    assert.deepEqual(addressing.lookups, ['example.org', 'example.org']);
    assert.equal(server.requests.length, 1);
  });

  it('is refused by its address, which alone is allowed by who opens it anyway', async () => {
    const server = await start('127.0.0.1');
    const addressing = names({ 'example.org': [['127.0.0.1', '10.0.0.1'], ['10.0.0.1']] });
    const link = `http://example.org:${portOf(server)}/a`;
    const refusal = await open(link, LINK_REACH, { addressing }).catch(asVmnetxError);
    assert.ok(refusal instanceof VmnetxError);
    const host = parsePrivateHost(refusal.host ?? '');
    assert.deepEqual(host, { address: '127.0.0.1', family: 'ipv4', prefix: 32 });
    const allowed = { ...LINK_REACH, privateHosts: [host] };
    await assert.rejects(open(link, allowed, { addressing }), REFUSED);
    assert.equal(server.requests.length, 0);
  });

  it('is left out where a link’s name leads elsewhere, too', async () => {
    const server = await start(PUBLIC);
    const addressing = names({ 'example.org': [['127.0.0.1', PUBLIC, '10.0.0.1']] });
    await open(`http://example.org:${portOf(server)}/a`, LINK_REACH, { addressing });
    assert.equal(server.requests[0]?.socket.localAddress, PUBLIC);
  });

  it('is never asked where a public server redirects to it', async () => {
    const hidden = await start('127.0.0.1');
    const rebound = `http://example.org:${portOf(hidden)}/a`;
    const addressing = names({ 'example.org': [['127.0.0.1']] });
    for (const target of [`${hidden.origin}/a`, rebound, `http://localhost:${portOf(hidden)}/a`]) {
      const server = await start(PUBLIC, redirectTo(() => target)); // prettier-ignore
      for (const reach of [FULL_REACH, LINK_REACH]) {
        await assert.rejects(open(`${server.origin}/a`, reach, { addressing }), REFUSED, target);
      }
    }
    assert.equal(hidden.requests.length, 0);
  });

  it('is not asked where a private server redirects to it by a public one', async () => {
    const hidden = await start('127.0.0.1');
    const between = await start(PUBLIC, redirectTo(() => `${hidden.origin}/a`)); // prettier-ignore
    const first = await start('127.0.0.1', redirectTo(() => `${between.origin}/a`)); // prettier-ignore
    await assert.rejects(open(`${first.origin}/a`, FULL_REACH), REFUSED);
    assert.deepEqual([between.requests.length, hidden.requests.length], [1, 0]);
  });

  it('is not asked where the user’s server redirects to it and was a public one before', async () => {
    const hidden = await start('127.0.0.1');
    let location = '';
    const server = await start('0.0.0.0', (request, response) => {
      if (location === '') sendRange(request, response, file, { connection: 'close' });
      else redirectTo(() => location)(request, response);
    });
    const addressing = names({ 'example.org': [[PUBLIC], ['127.0.0.1']] });
    const address = `http://example.org:${portOf(server)}/a`;
    const opened = await open(address, FULL_REACH, { addressing });
    location = `${hidden.origin}/a`;
    await assert.rejects(opened.read(300_000, 10, signal), REFUSED);
    assert.equal(hidden.requests.length, 0);
  });

  it('is asked where a private server that the user names redirects to it', async () => {
    const other = await start('127.0.0.1');
    const server = await start('127.0.0.1', redirectTo(() => `${other.origin}/a`)); // prettier-ignore
    await open(`${server.origin}/a`, FULL_REACH);
    const addressing = names({ 'school.example': [['127.0.0.1']] });
    await open(`http://school.example:${portOf(server)}/a`, FULL_REACH, { addressing });
    assert.equal(other.requests.length, 2);
  });

  it('is asked where the settings name it: by address, network or name', async () => {
    const server = await start('127.0.0.1');
    const addressing = names({
      'school.example': [['127.0.0.1']],
      'school.example.': [['127.0.0.1']],
    });
    const cases: readonly [string, string][] = [
      ['127.0.0.1', '127.0.0.1'],
      ['127.0.0.1', '127.0.0.0/8'],
      ['school.example', 'school.example'],
      ['School.Example.', 'school.EXAMPLE'],
      ['school.example', '127.0.0.0/30'],
    ];
    for (const [host, allowed] of cases) {
      const parsed = parsePrivateHost(allowed);
      assert.ok(parsed !== null);
      const reach = { privateNetworks: false, privateHosts: [parsed] };
      await open(`http://${host}:${portOf(server)}/a`, reach, { addressing });
      await source?.close();
      const mirror = await start(PUBLIC, redirectTo(() => `http://${host}:${portOf(server)}/a`)); // prettier-ignore
      await open(`${mirror.origin}/a`, { ...reach, privateNetworks: true }, { addressing });
    }
    const privateHosts = [{ name: 'other.example' }];
    const address = `http://school.example:${portOf(server)}/a`;
    const refused = open(address, { privateNetworks: false, privateHosts }, { addressing });
    await assert.rejects(refused, REFUSED);
  });

  it('is never named by a public server’s reference, but by a private one’s', async () => {
    const hidden = await start('127.0.0.1');
    const text = `<reference xmlns="http://olivearchive.org/xmlns/vmnetx/reference"><url>${hidden.origin}/a</url></reference>`;
    const answer: Parameters<typeof startServer>[0] = (request, response) => {
      sendRange(request, response, Buffer.from(text));
    };
    const resolve = async (server: ScriptedServer) => {
      const location = parseLocation(`${server.origin}/a.netx`, '/');
      const resolved = await resolveLocation(location, { signal, addressing: ADDRESSING, timeouts: QUICK }); // prettier-ignore
      await resolved.source.close();
      return resolved;
    };
    await assert.rejects(resolve(await start(PUBLIC, answer)), REFUSED);
    assert.equal(hidden.requests.length, 0);
    const { source: found } = await resolve(await start('127.0.0.1', answer));
    assert.equal(found.access().reach.privateNetworks, true);
  });

  describe('behind a proxy', () => {
    afterEach(() => {
      delete process.env['http_proxy'];
    });

    it('is not asked for by its address, while names are the proxy’s, which may be anywhere', async () => {
      const proxy = await start('127.0.0.1');
      process.env['http_proxy'] = proxy.origin;
      for (const host of ['10.0.0.1', 'localhost', '[fd00::1]', `127.0.0.1:${portOf(proxy)}`]) {
        await assert.rejects(open(`http://${host}/a`, LINK_REACH), REFUSED, host);
      }
      assert.equal(proxy.requests.length, 0);
      await open('http://files.example/a', LINK_REACH, { addressing: names({}) });
      assert.equal(proxy.requests[0]?.url, 'http://files.example/a');
    });
  });

  it('is told by its name, and nothing is tried again', async () => {
    const addressing = names({ 'example.org': [['10.0.0.1', '192.168.0.1']] });
    await assert.rejects(open('http://example.org/a?secret', LINK_REACH, { addressing }), {
      ...REFUSED,
      message:
        'example.org is on this computer or in a private network: no link, no file opened from the desktop, and no other server may lead there.',
      hint: 'If you trust it, run “vmnetx” in a terminal with the link or file. To let all of them lead there, have {"links.privateHosts":["example.org"]} in ~/.config/vmnetx/settings.json.',
    });
    assert.equal(addressing.lookups.length, 1);
  });
});
