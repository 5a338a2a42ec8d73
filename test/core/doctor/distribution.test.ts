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

  for (const [text, expected] of [
    ['PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n', 'debian'],
    ['ID=linuxmint\nID_LIKE="ubuntu debian"\n', 'debian'],
    ['NAME="Fedora Linux"\nID=fedora\n', 'fedora'],
    ['ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'fedora'],
    ['ID=manjaro\nID_LIKE=arch\n', 'arch'],
    ['ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n', 'suse'],
    ['ID=nixos\n', 'other'],
    ['noise', 'other'],
  ] as const) {
    it(`is ${expected} by ${JSON.stringify(text.trimEnd())}`, async () => {
      await writeFile(join(root, 'etc/os-release'), text);
      assert.equal(await readDistribution(root), expected);
    });
  }

  it('is another one where nothing says which', async () => {
    assert.equal(await readDistribution(join(root, 'nowhere')), 'other');
  });
});
