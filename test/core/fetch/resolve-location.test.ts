import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  openSource,
  resolveLocation,
  type ResolvedPackage,
} from '../../../src/core/fetch/index.js';
import { parseLocation } from '../../../src/core/reference/index.js';
import { startNginx, type Nginx } from '../../support/nginx.js';
import { sendRange, startServer } from '../../support/scripted-server.js';

describe('resolveLocation', () => {
  const { signal } = new AbortController();
  let directory = '';
  let nginx: Nginx;

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'resolve-'));
    nginx = await startNginx(directory);
    writeFileSync(join(directory, 'a.nxpk'), 'PK\u0003\u0004 and so on');
    writeFileSync(join(directory, 'noise'), 'not a package');
    reference('a.netx', `${nginx.origin}/a.nxpk?x=1`);
    reference('twice.netx', `${nginx.origin}/a.netx`);
    reference('noise.netx', `${nginx.origin}/noise`);
    reference('gone.netx', `${nginx.origin}/gone.nxpk`);
    mkdirSync(join(directory, 'folder'));
  });

  after(async () => {
    await nginx.stop();
    rmSync(directory, { recursive: true });
  });

  function reference(name: string, url: string): void {
    const namespace = 'http://olivearchive.org/xmlns/vmnetx/reference';
    const text = `<reference xmlns="${namespace}"><url>${url}</url></reference>`;
    writeFileSync(join(directory, name), text);
  }

  function resolve(text: string): Promise<ResolvedPackage> {
    return resolveLocation(parseLocation(text, directory), { signal });
  }

  async function resolved(text: string): Promise<readonly [string, string | null, string]> {
    const { location, url, source } = await resolve(text);
    await source.close();
    return [location, url, source.head.toString()];
  }

  it('finds a package by path, by address, and by references of both kinds', async () => {
    const content = 'PK\u0003\u0004 and so on';
    const url = `${nginx.origin}/a.nxpk`;
    const path = (name: string) => join(directory, name);
    assert.deepEqual(await resolved('a.nxpk'), [path('a.nxpk'), null, content]);
    assert.deepEqual(await resolved('a.netx'), [path('a.netx'), url, content]);
    assert.deepEqual(await resolved(`${url}?y#z`), [url, url, content]);
    assert.deepEqual(await resolved(`vmnetx+${url}`), [url, url, content]);
    assert.deepEqual(await resolved(`${nginx.origin}/a.netx`), [
      `${nginx.origin}/a.netx`,
      url,
      content,
    ]);
  });

  it('goes by what a file holds, not by its name', async () => {
    reference('reference.nxpk', `${nginx.origin}/a.nxpk`);
    assert.equal((await resolved('reference.nxpk'))[1], `${nginx.origin}/a.nxpk`);
  });

  it('refuses everything else with its own error', async () => {
    const refusals: readonly [string, string][] = [
      ['none', 'reference-missing'],
      ['folder', 'host-not-a-file'],
      ['noise', 'reference-not-xml'],
      [`${nginx.origin}/noise`, 'reference-not-xml'],
      [`${nginx.origin}/none`, 'server-not-found'],
      ['noise.netx', 'package-not-zip'],
      ['twice.netx', 'package-not-zip'],
      ['gone.netx', 'server-not-found'],
    ];
    for (const [text, code] of refusals) {
      await assert.rejects(resolve(text), { name: 'VmnetxError', code }, text);
    }
  });

  it('reads no more than it must of what is no reference', async () => {
    writeFileSync(join(directory, 'large.netx'), `<reference>${' '.repeat(2_000_000)}`);
    await assert.rejects(resolve('large.netx'), { code: 'reference-malformed' });
  });

  it('takes a reference from a server without ranges, but no package', async () => {
    const texts: Readonly<Record<string, string>> = {
      '/reference': `<?xml version="1.0"?>\n<reference xmlns="http://olivearchive.org/xmlns/vmnetx/reference"><url>${nginx.origin}/a.nxpk</url></reference>`,
      '/loop': '',
      '/package': 'PK\u0003\u0004 and so on',
      '/page': '<html><body>Please log in</body></html>',
      '/large': '<'.padEnd(100_000),
    };
    const server = await startServer((request, response) => {
      response.end(texts[request.url ?? ''] ?? '');
    });
    try {
      assert.equal((await resolved(`${server.origin}/reference`))[1], `${nginx.origin}/a.nxpk`);
      for (const [path, code] of [
        ['package', 'server-no-ranges'],
        ['large', 'server-no-ranges'],
        ['page', 'reference-malformed'],
        ['none', 'server-no-ranges'],
      ]) {
        await assert.rejects(resolve(`${server.origin}/${path ?? ''}`), { code }, path);
      }
      reference('rangeless.netx', `${server.origin}/package`);
      await assert.rejects(resolve('rangeless.netx'), { code: 'server-no-ranges' });
      reference('indirect.netx', `${server.origin}/reference`);
      await assert.rejects(resolve('indirect.netx'), { code: 'server-no-ranges' });
    } finally {
      await server.stop();
    }
  });

  it('goes on with the session of the reference’s server, and hands it on', async () => {
    const seen: string[] = [];
    const server = await startServer((request, response) => {
      const { cookie = '', authorization } = request.headers;
      seen.push(`${request.url ?? ''} ${cookie}`);
      if (authorization !== `Basic ${Buffer.from('me:geheim').toString('base64')}`) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="a"' }).end();
      } else if (request.url === '/a.netx') {
        const namespace = 'http://olivearchive.org/xmlns/vmnetx/reference';
        response.setHeader('set-cookie', 'a=b; Path=/');
        response.end(`<reference xmlns="${namespace}"><url>${server.origin}/p</url></reference>`);
      } else {
        sendRange(request, response, Buffer.from('PK\u0003\u0004 and so on'));
      }
    });
    try {
      let asked = 0;
      const resolved = await resolveLocation(parseLocation(`${server.origin}/a.netx`, directory), {
        signal,
        onLogin: () => {
          asked++;
          return Promise.resolve({ username: 'me', password: 'geheim' });
        },
      });
      await resolved.source.close();
      assert.equal(asked, 1);
      assert.deepEqual(seen, ['/a.netx ', '/a.netx ', '/p a=b', '/p a=b']);
      const again = await openSource(resolved.place, { signal, access: resolved.source.access() });
      await again.close();
    } finally {
      await server.stop();
    }
  });
});
