import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDistribution } from '../../../src/core/doctor/index.js';

describe('the distribution', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'doctor-root-'));
    await mkdir(join(root, 'etc'));
  });

  afterEach(() => rm(root, { recursive: true }));

  for (const [name, text, expected] of [
    ['Debian', 'PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n', 'debian'],
    ['a child of Ubuntu', 'ID=linuxmint\nID_LIKE="ubuntu debian"\n', 'debian'],
    ['Fedora', 'NAME="Fedora Linux"\nID=fedora\n', 'fedora'],
    ['a copy of Red Hat', 'ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'fedora'],
    ['a child of Arch', 'ID=manjaro\nID_LIKE=arch\n', 'arch'],
    ['openSUSE', 'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n', 'suse'],
    ['one that is not known', 'ID=nixos\n', 'other'],
    ['noise', 'ID\0=', 'other'],
  ] as const) {
    it(`is “${expected}” for ${name}`, async () => {
      await writeFile(join(root, 'etc/os-release'), text);
      assert.equal(await readDistribution(root), expected);
    });
  }

  it('is “other” where nothing says which', async () => {
    assert.equal(await readDistribution(join(root, 'nowhere')), 'other');
  });
});
