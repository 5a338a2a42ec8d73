import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKS, examine } from '../../../src/core/doctor/index.js';
import type { Environment } from '../../../src/core/places/index.js';
import { testHost } from './support/test-host.js';

const SECRET = 'hunter2';

describe('the checks of what the user has set', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'doctor-settings-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  async function finding(id: string, environment: Environment) {
    const checks = CHECKS.filter((check) => check.id === id);
    const host = testHost({ environment });
    const [result] = await examine(checks, host, new AbortController().signal);
    assert.ok(result !== undefined);
    assert.ok(!JSON.stringify(result).includes(SECRET), JSON.stringify(result));
    return result;
  }

  async function withFile(text: string) {
    await mkdir(join(folder, 'vmnetx'), { recursive: true });
    await writeFile(join(folder, 'vmnetx/settings.json'), text);
    return finding('settings', { XDG_CONFIG_HOME: folder });
  }

  it('notice settings that keep machines from opening, and tell nothing of what they hold', async () => {
    assert.equal((await finding('settings', { XDG_CONFIG_HOME: folder })).state, 'good');
    assert.equal((await withFile('{"cache.limit": 1e9, "links.privateHosts": []}')).state, 'good');
    for (const text of [
      `{"cache.limit": "${SECRET}"}`,
      `{"links.privateHosts": ["https://user:${SECRET}@10.0.0.1/"]}`,
      `{"password": "${SECRET}"`,
    ]) {
      assert.equal((await withFile(text)).state, 'bad');
    }
    const environment = { XDG_CONFIG_HOME: `${folder}/none`, VMNETX_CACHE_LIMIT: SECRET };
    assert.match((await finding('settings', environment)).found, /^VMNETX_CACHE_LIMIT/);
  });

  it('name proxies without the passwords for them', async () => {
    assert.match((await finding('proxy', {})).found, /names none/);
    const { state, found } = await finding('proxy', {
      http_proxy: `http://ada:${SECRET}@proxy.example:3128/?token=${SECRET}`,
      HTTPS_PROXY: `socks5://${SECRET}@[2001:db8::1]:8080`,
    });
    assert.equal(state, 'good');
    assert.equal(
      found,
      'The environment names proxy.example:3128 (http_proxy), [2001:db8::1]:8080 (HTTPS_PROXY).',
    );
  });

  it('notice a proxy that is no address', async () => {
    for (const text of [`ada:${SECRET}@proxy:3128`, SECRET, `ftp://${SECRET}@proxy`]) {
      const { state, found } = await finding('proxy', { https_proxy: text });
      assert.deepEqual([state, found], ['bad', 'What https_proxy names is no address.']);
    }
  });
});
