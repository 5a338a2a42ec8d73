import assert from 'node:assert/strict';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VmnetxError } from '../../../src/core/errors/index.js';
import { openConnection, type Connection } from '../../../src/core/libvirt/index.js';
import { generateDomain, parseDomain, type Placement } from '../../../src/core/machine/index.js';
import { hostNeeds, type HostNeeds } from '../../../src/core/session/host-needs.js';
import { startDomain } from '../../../src/core/session/start-domain.js';
import { PrivateLibvirt } from '../../support/private-libvirt.js';
import { change, PLACEMENT, readPackageXml } from '../machine/fixtures.js';
import { firmwareMachine, rawDisk } from '../libvirt/firmware-machine.js';

const NEEDS: HostNeeds = {
  emulation: { arch: 'x86_64', machine: 'pc', virtType: 'qemu' },
  cpuXml: null,
};

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
    await startDomain(
      connection,
      firmwareMachine('vmnetx-start', rawDisk(disk)),
      NEEDS,
      async () => {
        states.push(await state());
      },
    );
    states.push(await state());
    assert.deepEqual(states, ['paused', 'running']);
    await (await connection.lookupDomain('vmnetx-start')).destroy();
  });

  it('starts nothing of which libvirt would pass over a part', async () => {
    for (const stray of ['<filesystems/>', '<input type="mouse" bus="usb" speed="1"/>']) {
      const starting = startDomain(
        connection,
        firmwareMachine('vmnetx-stray', `${rawDisk(disk)}${stray}`),
        NEEDS,
        () => assert.fail('it was started'),
      );
      await assert.rejects(starting, { code: 'host-machine-not-started', status: 69 });
    }
    assert.deepEqual(await connection.listDomains(), []);
  });

  it('tells a machine that needs a newer libvirt or QEMU from others that do not start', async () => {
    const xml = readPackageXml('q35-virtio');
    const lacking: readonly (readonly [from: string, to: string, code: string, detail: RegExp])[] =
      [
        ['pc-q35-7.2', 'pc-q35-99.0', 'host-lacks-machine-type', /pc-q35-99\.0/],
        ['Haswell-noTSX-IBRS', 'Tomorrow-v2', 'host-lacks-processor', /Tomorrow-v2/],
        [
          '</model>\n    <topology',
          '</model><feature name="soon"/><topology',
          'host-lacks-processor',
          /soon/,
        ],
      ];
    for (const [from, to, code, detail] of lacking) {
      const machine = parseDomain(change(xml, from, to));
      const placement: Placement = {
        ...PLACEMENT,
        accelerator: 'tcg',
        diskPath: disk,
        displaySocket: join(libvirt.folder, 'display'),
      };
      const starting = startDomain(
        connection,
        generateDomain(machine, placement),
        hostNeeds(machine, placement),
        () => assert.fail('it was started'),
      );
      await assert.rejects(starting, (error: unknown) => {
        assert.ok(error instanceof VmnetxError);
        assert.deepEqual([error.code, error.status, error.retryable], [code, 69, false]);
        assert.match(error.detail ?? '', detail);
        return true;
      });
    }
  });
});
