import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout } from '../support/checkout.js';
import { makePath, run, withLibraries } from './shell.js';

/** What the scripts need themselves. */
const BASICS = ['bash', 'dirname', 'readlink', 'sed', 'awk', 'id', 'xargs', 'sh'];
const TOOLS = ['c++', 'make', 'python3', 'fusermount3', 'qemu-system-x86_64', 'qemu-img'];
const MORE_TOOLS = ['virsh', 'gio', 'nginx', 'Xvfb'];

describe('the distribution’s packages', () => {
  let root = '';

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'packages-'));
    await mkdir(join(root, 'scripts'));
  });

  afterEach(() => rm(root, { recursive: true }));

  async function list(text: string): Promise<void> {
    await writeFile(join(root, 'scripts/debian-packages.txt'), text);
  }

  it('are found missing by their names, and told with what they are for', async () => {
    await list(
      '# A comment, no package\nbash    The shell\nno-such-package   Something planted\ndpkg  Itself\n',
    );
    assert.deepEqual(await withLibraries(root, 'missing=$(missing_packages); echo "$missing"'), {
      status: 0,
      stdout: 'no-such-package   Something planted\n',
      stderr: '',
    });
  });

  it('are not missing when all are there, and then nothing is done or said', async () => {
    await list('# None is missing\nbash The shell\ndpkg Itself\n');
    const nothing = { status: 0, stdout: '', stderr: '' };
    assert.deepEqual(await withLibraries(root, 'missing_packages'), nothing);
    assert.deepEqual(await withLibraries(root, 'install_packages'), nothing);
  });

  it('are all missing where none is installed', async () => {
    await list('no-such-package One\nno-other-package Two\n');
    const { stdout } = await withLibraries(root, 'missing_packages');
    assert.equal(stdout, 'no-such-package One\nno-other-package Two\n');
  });

  it('can be installed by an ordinary user only by asking root, in words to copy', async () => {
    await list('bash The shell\nno-such-package Planted\nno-other-package Planted\n');
    const path = await makePath(join(root, 'bin'), [...BASICS, 'dpkg-query'], ['apt-get']);
    const { status, stdout, stderr } = await withLibraries(root, 'install_packages', {
      PATH: path,
    });
    assert.deepEqual([status, stdout], [69, '']);
    assert.match(stderr, /^no-such-package Planted\nno-other-package Planted$/m);
    assert.match(stderr, /^vmnetx: .*run: apt-get install no-such-package no-other-package $/m);
  });

  it('are told to who has another distribution, as far as something is missing', async () => {
    const path = await makePath(join(root, 'bin'), BASICS, ['make', 'python3', 'virsh']);
    const { status, stdout, stderr } = await run(join(checkout, 'scripts/setup'), [], {
      PATH: path,
      HOME: root,
    });
    assert.deepEqual([status, stdout], [69, ''], stderr);
    assert.match(stderr, /^This is not Debian or one of its relatives/);
    const [needed = '', debian = ''] = stderr.split('On Debian the packages would be:\n');
    for (const tool of ['c++', 'qemu-img', 'nginx', 'libvirt (pkg-config)', 'fuse3 (pkg-config)']) {
      assert.ok(needed.includes(`\n  ${tool}\n`), `${tool} in ${needed}`);
    }
    for (const tool of ['make', 'python3', 'virsh']) assert.ok(!needed.includes(`  ${tool}\n`));
    const all = await readFile(join(checkout, 'scripts/debian-packages.txt'), 'utf8');
    assert.equal(debian, all.replace(/^#.*\n/gm, '').replace(/^(?=.)/gm, '  '));
  });

  it('do not matter on another distribution that has everything', async () => {
    const path = await makePath(join(root, 'bin'), BASICS, [...TOOLS, ...MORE_TOOLS, 'pkg-config']);
    const nothing = { status: 0, stdout: '', stderr: '' };
    assert.deepEqual(await withLibraries(root, 'install_packages', { PATH: path }), nothing);
  });
});
