import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePrivateHost, readPrivateHosts } from '../../../src/core/settings/index.js';

describe('the setting links.privateHosts', () => {
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'settings-'));
    await mkdir(join(folder, 'vmnetx'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function read(settings: unknown): Promise<unknown> {
    await writeFile(join(folder, 'vmnetx', 'settings.json'), JSON.stringify(settings));
    return readPrivateHosts({ XDG_CONFIG_HOME: folder });
  }

  it('is a list of hosts and networks, empty unless it is written', async () => {
    assert.deepEqual(await readPrivateHosts({ XDG_CONFIG_HOME: folder }), []);
    assert.deepEqual(await read({}), []);
    assert.deepEqual(await read({ 'links.privateHosts': ['images.lan', '10.1.0.0/16', 'fd00::/8'] }), [
      { name: 'images.lan' },
      { address: '10.1.0.0', family: 'ipv4', prefix: 16 },
      { address: 'fd00::', family: 'ipv6', prefix: 8 },
    ]); // prettier-ignore
  });

  it('takes each host in the form that is compared', () => {
    assert.deepEqual(parsePrivateHost('Bücher.LAN.'), { name: 'xn--bcher-kva.lan' });
    assert.deepEqual(parsePrivateHost('127.1'), { address: '127.0.0.1', family: 'ipv4', prefix: 32 });
    assert.deepEqual(parsePrivateHost('FD00:0::1'), { address: 'fd00::1', family: 'ipv6', prefix: 128 });
    assert.deepEqual(parsePrivateHost('0.0.0.0/0'), { address: '0.0.0.0', family: 'ipv4', prefix: 0 });
  }); // prettier-ignore

  it('refuses everything else, naming it', async () => {
    const wrong = ['', ' ', 'a b', 'http://a', 'a:80', 'a/8', '10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/-1', 'a@b', '[::1]', '*.lan', '1.2.3.4.5', 'a?b', '\u0000', 'x'.repeat(300), 5, null, ['a']]; // prettier-ignore
    for (const host of wrong) {
      await assert.rejects(
        read({ 'links.privateHosts': ['good.lan', host] }),
        { code: 'settings-malformed' },
        JSON.stringify(host),
      );
    }
    const many = Array.from({ length: 101 }, () => 'a');
    for (const value of ['a', 1, {}, many]) {
      await assert.rejects(read({ 'links.privateHosts': value }), { code: 'settings-malformed' });
    }
  });
});
