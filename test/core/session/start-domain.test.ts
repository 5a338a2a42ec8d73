import assert from 'node:assert/strict';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openConnection, type Connection } from '../../../src/core/libvirt/index.js';
import { startDomain } from '../../../src/core/session/start-domain.js';
import { PrivateLibvirt } from '../../support/private-libvirt.js';
import { firmwareMachine, rawDisk } from '../libvirt/firmware-machine.js';

describe('startDomain', function () {
  this.timeout(60_000);
  let libvirt: PrivateLibvirt;
  let connection: Connection;
  let disk: string;

  before(async () => {
    libvirt = await PrivateLibvirt.start();
    connection = await openConnection({ uri: libvirt.uri });
    disk = join(libvirt.folder, 'disk.raw');
    await writeFile(disk, '');
    await truncate(disk, 1 << 20);
  });

  after(async () => {
    await connection.close().finally(() => libvirt.stop());
  });

  it('lets the guest run only when what comes before is done', async () => {
    const states: string[] = [];
    const state = async (): Promise<string> =>
      (await (await connection.lookupDomain('vmnetx-start')).state()).state;
    await startDomain(connection, firmwareMachine('vmnetx-start', rawDisk(disk)), async () => {
      states.push(await state());
    });
    states.push(await state());
    assert.deepEqual(states, ['paused', 'running']);
    await (await connection.lookupDomain('vmnetx-start')).destroy();
  });

  it('starts nothing of which libvirt would pass over a part', async () => {
    for (const stray of ['<filesystems/>', '<input type="mouse" bus="usb" speed="1"/>']) {
      const starting = startDomain(
        connection,
        firmwareMachine('vmnetx-stray', `${rawDisk(disk)}${stray}`),
        () => assert.fail('it was started'),
      );
      await assert.rejects(starting, { code: 'host-machine-not-started', status: 69 });
    }
    assert.deepEqual(await connection.listDomains(), []);
  });
});
