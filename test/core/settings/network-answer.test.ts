import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  readNetworkAnswer,
  writeCacheLimit,
  writeNetworkAnswer,
} from '../../../src/core/settings/index.js';

const MACHINE = 'https://machines.example.org/xenix.nxpk?token=s3cret';

describe('the answer whether a machine may use the network', () => {
  let folder = '';
  let environment: Record<string, string> = {};
  const file = () => join(folder, 'vmnetx/settings.json');

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'settings-'));
    environment = { XDG_CONFIG_HOME: folder };
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('is remembered for each machine, beside the other settings', async () => {
    await writeCacheLimit(environment, 5);
    assert.equal(await readNetworkAnswer(environment, MACHINE), null);
    await writeNetworkAnswer(environment, MACHINE, true);
    await writeNetworkAnswer(environment, `${MACHINE}2`, false);
    assert.equal(await readNetworkAnswer(environment, MACHINE), true);
    assert.equal(await readNetworkAnswer(environment, `${MACHINE}2`), false);
    assert.equal(await readNetworkAnswer(environment, `${MACHINE}3`), null);
    await writeNetworkAnswer(environment, MACHINE, false);
    assert.equal(await readNetworkAnswer(environment, MACHINE), false);
    assert.match(await readFile(file(), 'utf8'), /"cache.limit": 5/);
  });

  it('is kept without the machine’s address', async () => {
    await writeNetworkAnswer(environment, MACHINE, true);
    assert.doesNotMatch(await readFile(file(), 'utf8'), /example|xenix|s3cret/);
  });

  it('is refused where it cannot be understood', async () => {
    await writeNetworkAnswer(environment, MACHINE, true);
    const text = await readFile(file(), 'utf8');
    await mkdir(join(folder, 'vmnetx'), { recursive: true });
    await writeFile(file(), text.replace('true', '"yes"'));
    await assert.rejects(readNetworkAnswer(environment, MACHINE), { code: 'settings-malformed' });
  });
});
