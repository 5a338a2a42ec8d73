import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDomain } from '../../../src/core/machine/index.js';
import { parseLocation } from '../../../src/core/reference/index.js';
import { guestNetworkOf, machineIdentity } from '../../../src/core/session/guest-network.js';
import { writeNetworkAnswer } from '../../../src/core/settings/index.js';
import { readPackageXml } from '../machine/fixtures.js';

const CONNECTED = parseDomain(readPackageXml('xp-2012'));
const ALONE = parseDomain(readPackageXml('minimal'));

describe('whether a machine has the network', () => {
  let folder = '';
  let environment: Record<string, string> = {};

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'guest-network-'));
    environment = { XDG_CONFIG_HOME: folder };
  });

  afterEach(() => rm(folder, { recursive: true }));

  const place = (text: string) => parseLocation(text, '/somewhere');
  const of = (text: string, fromLink: boolean, machine = CONNECTED) =>
    guestNetworkOf({ machine, place: place(text) }, fromLink, environment);

  it('depends on whether it came from a link, as long as nobody was asked', async () => {
    assert.equal(await of('http://a/b.nxpk', true), 'unasked');
    assert.equal(await of('http://a/b.nxpk', false), 'full');
  });

  it('is what the user answered, wherever it came from', async () => {
    await writeNetworkAnswer(environment, machineIdentity(place('http://a/b.nxpk')), true);
    await writeNetworkAnswer(environment, machineIdentity(place('c.nxpk')), false);
    assert.equal(await of('http://a/b.nxpk', true), 'full');
    assert.equal(await of('c.nxpk', false), 'none');
    assert.equal(await of('/elsewhere/c.nxpk', false), 'full');
  });

  it('is answered for one address, not for others of its server', async () => {
    await writeNetworkAnswer(environment, machineIdentity(place('http://a/get?id=1')), true);
    assert.equal(await of('http://a/get?id=1', true), 'full');
    assert.equal(await of('vmnetx+http://someone:secret@a/get?id=1#x', true), 'full');
    for (const other of [
      'http://a/get?id=2',
      'http://a/get',
      'https://a/get?id=1',
      'http://b/get?id=1',
    ])
      assert.equal(await of(other, true), 'unasked', other);
  });

  it('is no question for a machine without a card for it', async () => {
    assert.equal(await of('http://a/b.nxpk', true, ALONE), null);
  });
});
