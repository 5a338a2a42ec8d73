import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLoginName, writeLoginName } from '../../../src/core/settings/index.js';

const SITE = 'https://machines.example.org';

describe('the name by which somebody logged in', () => {
  let folder = '';
  let environment: Record<string, string> = {};

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'settings-'));
    environment = { XDG_CONFIG_HOME: folder };
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('is remembered for each site, without its address', async () => {
    assert.equal(await readLoginName(environment, SITE), null);
    await writeLoginName(environment, SITE, 'ada');
    await writeLoginName(environment, `${SITE}:8443`, 'grace');
    assert.equal(await readLoginName(environment, SITE), 'ada');
    assert.equal(await readLoginName(environment, `${SITE}:8443`), 'grace');
    await writeLoginName(environment, SITE, 'charles');
    assert.equal(await readLoginName(environment, SITE), 'charles');
    const text = await readFile(join(folder, 'vmnetx/settings.json'), 'utf8');
    assert.doesNotMatch(text, /example/);
  });

  it('is not remembered where nobody would propose it', async () => {
    await writeLoginName(environment, SITE, 'ada');
    for (const name of ['a'.repeat(201), 'a\u202ed\na']) {
      await writeLoginName(environment, SITE, name);
      assert.equal(await readLoginName(environment, SITE), 'ada');
    }
  });
});
