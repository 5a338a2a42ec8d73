import assert from 'node:assert/strict';
import {
  mkdir,
  mkdtemp,
  readdir,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { openConnection, type Connection } from '../../../src/core/libvirt/index.js';
import { clearRemains } from '../../../src/core/session/clear-remains.js';
import { SessionFolder } from '../../../src/core/session/session-folder.js';
import { PrivateLibvirt } from '../../support/private-libvirt.js';
import { firmwareMachine, rawDisk } from '../libvirt/firmware-machine.js';

const LONG_AGO = new Date('2015-01-01T00:00:00Z');

describe('what dead sessions have left', function () {
  this.timeout(60_000);
  let libvirt: PrivateLibvirt;
  let connection: Connection;
  let folder: string;
  let runtime: string;
  let overlays: string;

  before(async () => {
    libvirt = await PrivateLibvirt.start();
    connection = await openConnection({ uri: libvirt.uri });
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(libvirt.folder, 'user-'));
    runtime = join(folder, 'run', 'vmnetx');
    overlays = join(folder, 'state', 'vmnetx', 'sessions');
    await mkdir(runtime, { recursive: true, mode: 0o700 });
    await mkdir(overlays, { recursive: true, mode: 0o700 });
  });

  after(async () => {
    await connection.close().finally(() => libvirt.stop());
  });

  async function clear(): Promise<readonly string[]> {
    const environment = {
      XDG_RUNTIME_DIR: join(folder, 'run'),
      XDG_STATE_HOME: join(folder, 'state'),
    };
    const connect = () => Promise.resolve(connection);
    const remnants = await clearRemains(environment, connect, new AbortController().signal);
    assert.deepEqual(
      remnants.filter(({ problem }) => problem !== null),
      [],
    );
    return remnants.map(({ what }) => what);
  }

  /** The folder of a session whose process was killed. */
  async function deadSession(id: string): Promise<string> {
    const path = join(runtime, id);
    await mkdir(join(path, 'mount'), { recursive: true });
    await writeFile(join(path, 'owner'), '');
    await writeFile(join(path, 'display'), '');
    return path;
  }

  async function startMachine(name: string, disk: string): Promise<void> {
    await mkdir(join(disk, '..'), { recursive: true });
    await writeFile(disk, '');
    await truncate(disk, 1 << 20);
    await connection.createDomain(firmwareMachine(name, rawDisk(disk)), { paused: true });
  }

  async function domains(): Promise<readonly string[]> {
    return (await connection.listDomains()).map(({ name }) => name);
  }

  it('are their folders and the domains that go with them', async () => {
    const path = await deadSession('0123abcd');
    await startMachine('vmnetx-0123abcd', join(folder, 'elsewhere'));
    assert.deepEqual(await clear(), [path]);
    assert.deepEqual(await readdir(runtime), []);
    assert.deepEqual(await domains(), []);
    assert.deepEqual(await clear(), []);
  });

  it('are not what a live session has', async () => {
    const live = await SessionFolder.create(runtime);
    await writeFile(live.displaySocket, '');
    await startMachine(live.domainName, join(live.mountPoint, 'disk'));
    const dead = await deadSession('0123abcd');
    assert.deepEqual(await clear(), [dead]);
    assert.deepEqual(await readdir(runtime), [live.id]);
    assert.deepEqual(await readdir(live.path), ['display', 'mount', 'owner']);
    assert.deepEqual(await domains(), [live.domainName]);

    await (await connection.lookupDomain(live.domainName)).destroy();
    await rm(join(live.mountPoint, 'disk'));
    await live.remove();
    assert.deepEqual(await readdir(runtime), []);
  });

  it('are domains whose folder is gone, if their disk was there; not those of somebody else', async () => {
    const gone = join(runtime, 'deadbeef');
    await startMachine('vmnetx-deadbeef', join(gone, 'mount', 'disk'));
    await startMachine('vmnetx-00000000', join(folder, 'of-somebody-else'));
    await startMachine('vmnetx-machine', join(runtime, 'machine', 'mount', 'disk'));
    await rm(gone, { recursive: true });
    assert.deepEqual(await clear(), ['vmnetx-deadbeef']);
    assert.deepEqual((await domains()).toSorted(), ['vmnetx-00000000', 'vmnetx-machine']);
    for (const name of await domains()) await (await connection.lookupDomain(name)).destroy();
  });

  it('are folders that were never locked, and files that kept their name, but not new ones', async () => {
    const names = ['.new-00000001', '.new-00000002'];
    for (const name of names) await mkdir(join(runtime, name, 'mount'), { recursive: true });
    await utimes(join(runtime, '.new-00000001'), LONG_AGO, LONG_AGO);
    const files = ['.scratch-1', '.scratch-2', 'notes'];
    for (const name of files) await writeFile(join(overlays, name), '');
    for (const name of ['.scratch-1', 'notes']) {
      await utimes(join(overlays, name), LONG_AGO, LONG_AGO);
    }
    await clear();
    assert.deepEqual(await readdir(runtime), ['.new-00000002']);
    assert.deepEqual(await readdir(overlays), ['.scratch-2', 'notes']);
  });

  it('are the folders of a doctor’s trial that was killed, once they are old', async () => {
    for (const name of ['vmnetx-doctor-1', 'vmnetx-doctor-2']) {
      await mkdir(join(folder, 'run', name));
      await writeFile(join(folder, 'run', name, 'trial'), '');
    }
    const old = join(folder, 'run', 'vmnetx-doctor-1');
    await utimes(old, LONG_AGO, LONG_AGO);
    assert.deepEqual(await clear(), [old]);
    assert.deepEqual(await readdir(join(folder, 'run')), ['vmnetx', 'vmnetx-doctor-2']);
  });

  it('are nothing that only looks like a session', async () => {
    const foreign = join(folder, 'foreign');
    await mkdir(foreign);
    await writeFile(join(foreign, 'letter'), 'dear');
    await mkdir(join(runtime, '0123abcd'));
    await symlink(join(foreign, 'letter'), join(runtime, '0123abcd', 'owner'));
    await mkdir(join(runtime, '4567abcd'));
    await writeFile(join(runtime, 'kvm-1.json'), '{}');
    await mkdir(join(runtime, 'store'));
    assert.deepEqual(await clear(), []);
    assert.deepEqual((await readdir(runtime)).toSorted(), ['0123abcd', '4567abcd', 'kvm-1.json', 'store']); // prettier-ignore
    assert.deepEqual(await readdir(foreign), ['letter']);
  });

  it('may be cleared by several at a time', async () => {
    const ids = ['00000001', '00000002', '00000003'];
    for (const id of ids) await deadSession(id);
    const cleared = await Promise.all([clear(), clear(), clear()]);
    assert.deepEqual(
      cleared.flat().toSorted(),
      ids.map((id) => join(runtime, id)),
    );
    assert.deepEqual(await readdir(runtime), []);
  });
});
