import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfirmQuit } from '../../../src/core/settings/index.js';

describe('whether the user is asked before something is lost', () => {
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'settings-'));
    await mkdir(join(folder, 'vmnetx'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  /** @param settings the whole file */
  async function read(settings: string | null, confirm?: string): Promise<boolean> {
    if (settings !== null) await writeFile(join(folder, 'vmnetx/settings.json'), settings);
    return readConfirmQuit({ XDG_CONFIG_HOME: folder, VMNETX_CONFIRM: confirm });
  }

  it('is so unless the setting says no', async () => {
    assert.equal(await read(null), true);
    assert.equal(await read('{"confirm-quit": true}'), true);
    assert.equal(await read('{"confirm-quit": false}'), false);
  });

  it('is first of all what VMNETX_CONFIRM says, if that is 0 or 1', async () => {
    assert.equal(await read('{"confirm-quit": true}', '0'), false);
    assert.equal(await read('{"confirm-quit": false}', '1'), true);
    for (const nothing of ['', 'perhaps']) {
      assert.equal(await read('{"confirm-quit": false}', nothing), false);
    }
  });

  it('is nothing but true or false', async () => {
    await assert.rejects(read('{"confirm-quit": "no"}'), {
      code: 'settings-malformed',
      message: /“confirm-quit” is neither true nor false/,
    });
  });
});
