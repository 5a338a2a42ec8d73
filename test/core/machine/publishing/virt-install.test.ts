import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  generateDomain,
  parseDomain,
  type Machine,
  type Placement,
} from '../../../../src/core/machine/index.js';
import { PrivateLibvirt } from '../../../support/private-libvirt.js';
import { PLACEMENT } from '../fixtures.js';
import { publish } from './publish.js';

interface System {
  readonly name: string;
  /** Options that say what is to be installed. */
  readonly options: readonly string[];
  /** In the machine's type. */
  readonly type: string;
  readonly bus: string;
  readonly network: string;
}

const SYSTEMS: readonly System[] = [
  {
    name: 'Debian 11',
    options: ['--osinfo', 'debian11', '--disk', 'device=cdrom'],
    ...{ type: 'q35', bus: 'virtio', network: 'virtio' },
  },
  {
    name: 'Debian 11 on an older PC',
    options: ['--osinfo', 'debian11', '--machine', 'pc', '--watchdog', 'default'],
    ...{ type: 'pc', bus: 'virtio', network: 'virtio' },
  },
  {
    name: 'Windows 10',
    options: ['--osinfo', 'win10', '--cpu', 'host-passthrough'],
    ...{ type: 'q35', bus: 'sata', network: 'e1000e' },
  },
  {
    name: 'Windows XP',
    options: ['--osinfo', 'winxp'],
    ...{ type: 'pc-i440fx', bus: 'ide', network: 'e1000' },
  },
  {
    name: 'Windows 7',
    options: ['--osinfo', 'win7', '--machine', 'pc', '--cpu', 'host-passthrough'],
    ...{ type: 'pc', bus: 'ide', network: 'e1000' },
  },
  {
    name: 'Debian 3.1',
    options: ['--osinfo', 'debian3.1', '--machine', 'pc', '--disk', 'device=cdrom'],
    ...{ type: 'pc', bus: 'ide', network: 'e1000' },
  },
];

describe('a machine that virt-install describes', function () {
  this.timeout(60_000);

  let libvirt: PrivateLibvirt;
  let disk = '';

  before(async () => {
    libvirt = await PrivateLibvirt.prepare();
    disk = join(libvirt.folder, 'disk.qcow2');
    execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', disk, '64M']);
  });

  after(() => libvirt.stop());

  for (const { name, options, type, bus, network } of SYSTEMS) {
    it(`goes through both readers, as it is and as libvirt keeps it, and starts: ${name}`, () => {
      const described = describeMachine(options);
      const kept = keep(described);
      for (const xml of [described, kept]) {
        const { domainXml, diskPath, changes } = publish(xml);
        assert.equal(diskPath, disk);
        assert.ok(changes.some((change) => change.startsWith('The display “spice” loses')));
        execFileSync('virt-xml-validate', [write('strict.xml', domainXml), 'domain'], {
          stdio: 'pipe',
        });
        const machine = parseDomain(domainXml);
        assert.ok(machine.type.includes(type), machine.type);
        assert.equal(machine.disk.place.bus, bus);
        assert.deepEqual(machine.serialPorts, [0]);
        assert.deepEqual(
          machine.interfaces.map(({ model }) => model),
          [network],
        );
        start(machine);
      }
    });
  }

  function describeMachine(options: readonly string[]): string {
    return run('virt-install', [
      ...['--connect', 'qemu:///session', '--name', 'a', '--memory', '256', '--import'],
      ...['--disk', `path=${disk}`, ...options, '--print-xml', '--dry-run'],
    ]);
  }

  /** The same machine with all that libvirt adds: addresses, controllers, a version. */
  function keep(xml: string): string {
    virsh('define', write('described.xml', xml));
    try {
      return virsh('dumpxml', '--inactive', 'a');
    } finally {
      virsh('undefine', 'a');
    }
  }

  /** Has QEMU put the machine together, by software emulation, and ends it. */
  function start(machine: Machine): void {
    const placement: Placement = {
      ...PLACEMENT,
      accelerator: 'tcg',
      diskPath: disk,
      displaySocket: join(libvirt.folder, 'vnc'),
    };
    virsh('create', '--paused', '--validate', write('run.xml', generateDomain(machine, placement)));
    virsh('destroy', `vmnetx-${placement.id}`);
  }

  function virsh(...words: readonly string[]): string {
    return run('virsh', ['-q', '-c', 'qemu:///session', ...words]);
  }

  function run(program: string, words: readonly string[]): string {
    return execFileSync(program, words, {
      env: libvirt.environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  function write(name: string, xml: string): string {
    const path = join(libvirt.folder, name);
    writeFileSync(path, xml);
    return path;
  }
});
