import assert from 'node:assert/strict';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locateMachine } from '../../../src/core/publish/index.js';
import { saveIn, savesFolder } from '../../../src/core/publish/saves-folder.js';

describe('what a publisher calls a machine', () => {
  const before = process.cwd();
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'location-'));
    process.chdir(folder);
  });

  afterEach(async () => {
    process.chdir(before);
    await rm(folder, { recursive: true });
  });

  it('is a file that is there or is called like one, else a name', async () => {
    await writeFile('there', '');
    await mkdir('winxp');
    for (const path of ['there', './none', '/none', 'none.xml']) {
      assert.deepEqual(await locateMachine(path, null), { kind: 'file', path });
    }
    for (const name of ['winxp', 'none', 'Windows XP']) {
      const uri = 'qemu:///session';
      assert.deepEqual(await locateMachine(name, null), { kind: 'libvirt', name, uri });
    }
  });

  it('is a name where a libvirt is given', async () => {
    await writeFile('there', '');
    const uri = 'qemu:///system';
    assert.deepEqual(await locateMachine('there', uri), { kind: 'libvirt', name: 'there', uri });
  });

  it('has its memory in libvirt’s folder, under its name and nowhere else', () => {
    const environment = { XDG_CONFIG_HOME: '/c' };
    const session = savesFolder('qemu+unix:///session?socket=/run/x', environment);
    assert.deepEqual(session, { path: '/c/libvirt/qemu/save', definitions: '/c/libvirt/qemu' });
    const system = savesFolder('qemu:///system', environment);
    assert.deepEqual(system, { path: '/var/lib/libvirt/qemu/save', definitions: null });
    assert.equal(saveIn(session.path, 'Windows XP'), '/c/libvirt/qemu/save/Windows XP.save');
    assert.equal(saveIn(session.path, '..'), '/c/libvirt/qemu/save/...save');
    for (const name of ['../../x', '/x', 'a/b', 'a\0b'])
      assert.equal(saveIn(session.path, name), null);
  });
});
