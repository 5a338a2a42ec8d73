import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  generateDomain,
  parseDomain,
  type Machine,
  type Placement,
} from '../../../src/core/machine/index.js';
import { parseXml, type XmlElement } from '../../../src/core/xml/index.js';
import { checkout } from '../../support/checkout.js';
import { PrivateLibvirt } from '../../support/private-libvirt.js';
import { PACKAGES, PLACEMENT, readPackageXml } from './fixtures.js';

describe('a generated domain XML', function () {
  this.timeout(60_000);

  let libvirt: PrivateLibvirt;

  before(async () => {
    libvirt = await PrivateLibvirt.prepare();
  });

  after(() => libvirt.stop());

  const folder = join(checkout, 'test/golden/machine');
  for (const file of readdirSync(folder).filter((name) => !name.includes('.package.'))) {
    it(`is valid by libvirt's own schema: ${file}`, () => {
      execFileSync('virt-xml-validate', [join(folder, file), 'domain'], { stdio: 'pipe' });
    });
  }

  for (const name of PACKAGES) {
    it(`becomes that machine in libvirt and QEMU: ${name}`, () => {
      const machine = parseDomain(readPackageXml(name));
      run(
        machine,
        { network: 'restricted', consoleSocket: join(libvirt.folder, 'con,s') },
        (it) => {
          const [generated, reported] = [it.xml, it.virsh('dumpxml', '--inactive', it.name)].map(
            parse,
          );
          assert.ok(generated && reported);
          expectContained(generated, reported);
          assert.equal(it.monitor('info name').trim(), it.name);
          assert.deepEqual(
            networks(it.monitor('info network')),
            machine.interfaces.map(({ mac }) => `${String(mac)} restrict=on`),
          );
          const tree = it.monitor('info qtree');
          expectAddresses(machine, tree);
          assert.match(it.monitor('info chardev'), /con,s,server=on/);
          if (machine.sounds.some(({ model }) => model === 'pcspk')) {
            assert.match(tree, /isa-pcspk[^]*?audiodev = "audio1"/);
          }
        },
      );
    });
  }

  it('gives an ordinary network where one is wanted', () => {
    const machine = parseDomain(readPackageXml('xp-2012'));
    run(machine, { network: 'full' }, (it) => {
      assert.deepEqual(networks(it.monitor('info network')), ['52:54:00:9d:03:2f restrict=off']);
    });
  });

  it('starts old and new CPU models, whatever emulation lacks of them', () => {
    const xml = readPackageXml('xp-2012');
    for (const model of ['486', 'Opteron_G5', 'Skylake-Client']) {
      const machine = parseDomain(xml.replace('>core2duo<', `>${model}<`));
      run(machine, {}, (it) => {
        assert.match(it.virsh('domstate', it.name), /paused/);
      });
    }
  });

  interface Running {
    readonly name: string;
    readonly xml: string;
    virsh(...args: string[]): string;
    /** A command of QEMU's human monitor. */
    monitor(command: string): string;
  }

  /** Starts a machine, paused, by software emulation; and ends it, whatever the test says. */
  function run(
    machine: Machine,
    placement: Partial<Placement>,
    look: (running: Running) => void,
  ): void {
    const id = randomBytes(4).toString('hex');
    const diskPath = join(libvirt.folder, `disk,${id}`);
    execFileSync('qemu-img', ['create', '-q', '-f', machine.disk.format, diskPath, '64M']);
    const xml = generateDomain(machine, {
      ...PLACEMENT,
      id,
      accelerator: 'tcg',
      diskPath,
      displaySocket: join(libvirt.folder, `vnc,${id}`),
      ...placement,
    });
    const file = join(libvirt.folder, `${id}.xml`);
    writeFileSync(file, xml);
    const name = `vmnetx-${id}`;
    virsh('create', '--paused', '--validate', file);
    try {
      const monitor = (command: string) => virsh('qemu-monitor-command', '--hmp', name, command);
      look({ name, xml, virsh, monitor });
    } finally {
      virsh('destroy', name);
    }
  }

  function virsh(...args: string[]): string {
    return execFileSync('virsh', ['-q', '-c', 'qemu:///session', ...args], {
      env: libvirt.environment,
      encoding: 'utf8',
    });
  }
});

function parse(xml: string): XmlElement {
  return parseXml(xml, { maxBytes: 1_000_000, maxDepth: 20, maxElements: 5000 });
}

/** Checks that everything generated is reported, in the same place; libvirt may add to it. */
function expectContained(expected: XmlElement, actual: XmlElement): void {
  const difference = missingFrom(expected, actual);
  assert.equal(difference, null);
}

/** Path of the first thing that `actual` lacks, or null. */
function missingFrom(expected: XmlElement, actual: XmlElement): string | null {
  if (expected.name !== actual.name) return `${expected.path}: <${actual.name}>`;
  for (const [name, value] of expected.attributes) {
    const reported = actual.attributes.get(name);
    if (reported !== value && !isNormalised(expected, name, reported)) {
      return `${expected.path}/@${name}: ${String(reported)}`;
    }
  }
  if (expected.text.trim() !== '' && !isGuests(expected) && expected.text !== actual.text) {
    return `${expected.path}: ${actual.text}`;
  }
  const left = [...actual.children];
  for (const child of expected.children.filter(({ path }) => !isHosts(path))) {
    const index = left.findIndex((candidate) => missingFrom(child, candidate) === null);
    if (index === -1) {
      const alike = left.find((candidate) => candidate.name === child.name);
      return alike === undefined ? `${child.path} is missing` : missingFrom(child, alike);
    }
    left.splice(index, 1);
  }
  return null;
}

/** What the guest has a say in: how far its balloon is inflated. */
function isGuests(expected: XmlElement): boolean {
  return expected.name === 'currentMemory';
}

/** What depends on the host: the features that its emulation of the CPU model has. */
function isHosts(path: string): boolean {
  return /^\/domain\/cpu\/(feature|vendor)/.test(path);
}

/** What libvirt writes in another way, to the same effect. */
function isNormalised(expected: XmlElement, name: string, reported: string | undefined): boolean {
  const value = expected.attributes.get(name) ?? '';
  // “pc” is QEMU's newest; video memory is a power of two.
  if (name === 'machine') return value === 'pc' && reported?.startsWith('pc-i440fx-') === true;
  if (name === 'vram') return Number(reported) === 2 ** Math.ceil(Math.log2(Number(value)));
  if (expected.name === 'cpu' || name === 'fallback') return true;
  return name === 'cpus' && value === '0,1,3' && reported === '0-1,3';
}

/** Of each network card of the guest: its MAC and whether the network behind it has ways out. */
function networks(info: string): readonly string[] {
  const found = info.matchAll(/macaddr=([0-9a-f:]{17})\r?\n \\ [^\n]*(restrict=o(?:n|ff))/g);
  return [...found].map(([, mac, restrict]) => `${String(mac)} ${String(restrict)}`).sort();
}

/** Checks that QEMU has a device on each PCI address of the machine. */
function expectAddresses(machine: Machine, qtree: string): void {
  const there = pciAddresses(qtree);
  const wanted = [
    machine.disk.place.bus === 'virtio' ? machine.disk.place.address : null,
    ...machine.controllers.map((controller) =>
      'address' in controller ? controller.address : null,
    ),
    ...machine.interfaces.map(({ address }) => address),
    ...machine.inputs.map((input) => (input.bus === 'virtio' ? input.address : null)),
    ...machine.sounds.map(({ address }) => address),
    machine.video?.address ?? null,
    machine.memballoon?.address ?? null,
    machine.rng?.address ?? null,
  ];
  for (const address of wanted) {
    if (address === null) continue;
    const slot = address.slot.toString(16).padStart(2, '0');
    const place = `${address.bus}:${slot}.${address.function}`;
    assert.ok(there.includes(place), `${place} is not among ${there.join(' ')}`);
  }
}

/** Bus, slot and function of each PCI device in QEMU's tree, where a bus is called `pci.2`. */
function pciAddresses(qtree: string): readonly string[] {
  const buses: { readonly indent: number; readonly number: string }[] = [];
  return qtree.split(/\r?\n/).flatMap((line) => {
    const indent = line.search(/\S/);
    while (indent >= 0 && indent <= (buses.at(-1)?.indent ?? -1)) buses.pop();
    const [, number] = /bus: (?:pcie?\.(\d+))?/.exec(line) ?? [];
    if (line.includes('bus: ')) buses.push({ indent, number: number ?? '' });
    const [, slot] = /^ *addr = ([0-9a-f]{2}\.\d)$/.exec(line) ?? [];
    return slot === undefined ? [] : `${buses.at(-1)?.number ?? ''}:${slot}`;
  });
}
