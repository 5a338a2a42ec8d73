import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allowsLabel } from '../../../src/core/confinement/index.js';

describe('allowsLabel', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'selinux-'));
    await mkdir(join(folder, 'booleans'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  /** As the kernel writes them. */
  async function seLinux(enforce: string, useFusefs: string | null): Promise<void> {
    await writeFile(join(folder, 'enforce'), enforce);
    if (useFusefs !== null)
      await writeFile(join(folder, 'booleans/virt_use_fusefs'), `${useFusefs}\n`);
  }

  it('allows it without SELinux', async () => {
    assert.equal(await allowsLabel(join(folder, 'none')), true);
  });

  it('allows it where SELinux only warns', async () => {
    await seLinux('0', '0 0');
    assert.equal(await allowsLabel(folder), true);
  });

  it('refuses it where SELinux would keep QEMU from the mount', async () => {
    await seLinux('1', '0 0');
    assert.equal(await allowsLabel(folder), false);
    await seLinux('1', '0 1');
    assert.equal(await allowsLabel(folder), false);
    await rm(join(folder, 'booleans/virt_use_fusefs'));
    assert.equal(await allowsLabel(folder), false);
  });

  it('allows it where SELinux lets virtual machines use such mounts', async () => {
    await seLinux('1', '1 1');
    assert.equal(await allowsLabel(folder), true);
  });
});
