import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAddon, loadingFailure } from '../../../src/core/libvirt/addon.js';

describe('loading the addon', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'addon-'));
  });

  after(async () => {
    await rm(folder, { recursive: true });
  });

  it('finds the built one', () => {
    assert.equal(typeof loadAddon().open, 'function');
  });

  it('says that it is not built when it is not there', () => {
    assert.throws(() => loadAddon(join(folder, 'none.node')), {
      code: 'host-not-built',
      status: 69,
    });
  });

  it('says that it is not built when it is something else', async () => {
    const noise = join(folder, 'libvirt.node');
    await writeFile(noise, 'no shared object');
    assert.throws(() => loadAddon(noise), { code: 'host-not-built' });
    const other = join(folder, 'other.cjs');
    await writeFile(other, 'module.exports = { close() {} };');
    assert.throws(() => loadAddon(other), { code: 'host-not-built' });
  });

  it('says that libvirt is not installed when its libraries are missing', () => {
    // What dlopen(3) says then.
    const message =
      'libvirt.so.0: cannot open shared object file: No such file or directory\nand more';
    const failure = loadingFailure(new Error(message));
    assert.equal(failure.code, 'host-no-libvirt');
    assert.equal(failure.detail, message.split('\n')[0]);
  });
});
