import assert from 'node:assert/strict';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout } from '../support/checkout.js';
import { unfitLicences } from '../support/licences.js';

describe('licences', () => {
  it('of all run-time dependencies fit GPL-2.0-or-later', async () => {
    assert.deepEqual(await unfitLicences(checkout), []);
  });

  it('that do not fit, or are not named, are found', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vmnetx-licences-'));
    try {
      await plant(folder, '.', { dependencies: { fitting: '1', foreign: '1' } });
      await plant(folder, 'node_modules/fitting', {
        license: '(MIT OR Apache-2.0)',
        dependencies: { nameless: '1' },
      });
      await plant(folder, 'node_modules/foreign', { license: 'SSPL-1.0' });
      await plant(folder, 'node_modules/fitting/node_modules/nameless', {});
      assert.deepEqual(await unfitLicences(folder), ['foreign: SSPL-1.0', 'nameless: none']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

async function plant(root: string, folder: string, manifest: object): Promise<void> {
  await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, folder, 'package.json'), JSON.stringify(manifest));
}
