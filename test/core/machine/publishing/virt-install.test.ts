import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDomain } from '../../../../src/core/machine/index.js';
import { PrivateLibvirt } from '../../../support/private-libvirt.js';
import { publish } from './publish.js';

/** Options that say which system is to be installed. */
const SYSTEMS: readonly (readonly [name: string, options: readonly string[]])[] = [
  ['Windows XP', ['--osinfo', 'winxp']],
  ['Windows 7', ['--osinfo', 'win7', '--machine', 'pc', '--cpu', 'host-passthrough']],
  ['Debian 3.1', ['--osinfo', 'debian3.1', '--machine', 'pc', '--disk', 'device=cdrom']],
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

  for (const [name, options] of SYSTEMS) {
    it(`goes through both readers, as it is and as libvirt keeps it: ${name}`, () => {
      const described = describeMachine(options);
      const kept = keep(described);
      for (const xml of [described, kept]) {
        const { domainXml, diskPath, changes } = publish(xml);
        assert.equal(diskPath, disk);
        assert.ok(changes.some((change) => change.startsWith('The display “spice” loses')));
        const machine = parseDomain(domainXml);
        assert.deepEqual([machine.type.slice(0, 2), machine.disk.place.bus], ['pc', 'ide']);
        assert.deepEqual(machine.serialPorts, [0]);
        assert.deepEqual(
          machine.interfaces.map(({ model }) => model),
          ['e1000'],
        );
        const file = write('strict.xml', domainXml);
        execFileSync('virt-xml-validate', [file, 'domain'], { stdio: 'pipe' });
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
