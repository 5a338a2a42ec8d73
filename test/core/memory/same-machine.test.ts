import assert from 'node:assert/strict';
import { readSavedMemory } from '../../../src/core/memory/index.js';
import { parseDomain } from '../../../src/core/machine/index.js';
import { SAVED_XML, memoryImage } from '../../hostile/support/memory-image.js';
import { domainOf } from '../../hostile/support/sound-package.js';
import { MemorySource } from '../../support/memory-source.js';
import { change, PACKAGES, readPackageXml } from '../machine/fixtures.js';

/** Reads memory that was saved from one machine for the package of another. */
async function read(saved: string, packaged: string) {
  const source = new MemorySource(memoryImage({ xml: saved }));
  const place = { offset: 0, length: source.size };
  return readSavedMemory(source, place, parseDomain(packaged), new AbortController().signal);
}

describe('the machine whose memory was saved', () => {
  for (const name of PACKAGES) {
    it(`is the package’s where both have the same description: ${name}`, async () => {
      const xml = readPackageXml(name);
      const { machine, compression } = await read(xml, xml);
      assert.deepEqual(machine, parseDomain(xml));
      assert.equal(compression, 'none');
    });
  }

  it('may have what libvirt adds, and keeps it', async () => {
    const { machine, accelerator } = await read(SAVED_XML, domainOf('qcow2'));
    assert.equal(machine.type, 'pc-i440fx-7.2');
    assert.deepEqual(machine.controllers, [
      { type: 'ide', index: 0, address: { bus: 0, slot: 1, function: 1, multifunction: null } },
    ]);
    assert.equal(accelerator, 'tcg');
  });

  it('may lack what libvirt leaves out: the first PCI bus, and the first USB controller', async () => {
    const implied = '<controller type="pci" index="0" model="pci-root"/>'.concat(
      '<controller type="usb" index="0" model="piix3-uhci"/>',
    );
    const packaged = change(domainOf('qcow2'), '</devices>', `${implied}</devices>`);
    const { machine } = await read(SAVED_XML, packaged);
    assert.equal(machine.controllers.length, 1);
    const other = change(packaged, 'piix3-uhci', 'nec-xhci');
    await assert.rejects(read(SAVED_XML, other), { code: 'memory-other-machine' });
  });

  const xp = readPackageXml('xp-2012');
  const q35 = readPackageXml('q35-virtio');
  const minimal = readPackageXml('minimal');
  const differences: readonly (readonly [what: string, xml: string, from: RegExp, to: string])[] = [
    ['kind', q35, /machine="[^"]*"/, 'machine="pc-q35-3.1"'],
    ['memory size', xp, /<memory[^]*?<\/memory>/, '<memory unit="MiB">2048</memory>'],
    ['number of processors', minimal, /<os>/, '<vcpu>3</vcpu><os>'],
    ['architecture', minimal, /x86_64/, 'i686'],
    ['processor', xp, /core2duo/, 'kvm32'],
    ['disk', minimal, /dev="hda"/, 'dev="sda" bus="usb"'],
    ['input', xp, /<input type="tablet" bus="usb"\/>/, ''],
    ['serial port', xp, /<target port="0"\/>/, '<target port="1"/>'],
    ['controller', q35, /port="0x15"/, 'port="0x16"'],
    ['memory balloon', xp, /slot="0x05"/, 'slot="0x06"'],
    ['network', xp, /<mac address="[^"]*"/, '<mac address="52:54:00:00:00:01"'],
    ['video', xp, /vram="[^"]*"/, 'vram="16384"'],
    ['sound', xp, /<sound model="[^"]*"/, '<sound model="ac97"'],
  ];
  for (const [what, xml, from, to] of differences) {
    it(`is another where the ${what} is another`, async () => {
      const [found = ''] = from.exec(xml) ?? [];
      await assert.rejects(read(change(xml, found, to), xml), {
        code: 'memory-other-machine',
        status: 65,
        message: `The saved memory is that of another machine: its ${what} differs.`,
      });
    });
  }
});
