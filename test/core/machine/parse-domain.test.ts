import assert from 'node:assert/strict';
import {
  describeMachine,
  parseDomain,
  type PciAddress,
  type PciBridge,
} from '../../../src/core/machine/index.js';
import { change, readPackageXml } from './fixtures.js';

describe('parseDomain', () => {
  const xp = readPackageXml('xp-2012');
  const q35 = readPackageXml('q35-virtio');

  it('reads a machine of 2012 with every address', () => {
    assert.deepEqual(parseDomain(Buffer.from(xp)), {
      uuid: '52ffd75a-6f92-4c30-a1b3-6c2e7e9a7e31',
      description: null,
      mouseRateHz: null,
      architecture: 'i686',
      type: 'pc-1.0',
      memoryBytes: 512 * 2 ** 20,
      currentMemoryBytes: 512 * 2 ** 20,
      vcpus: 1,
      cpu: {
        model: {
          match: 'exact',
          name: 'core2duo',
          fallback: 'allow',
          vendor: 'Intel',
          features: [{ name: 'vmx', policy: 'disable' }],
        },
        topology: { sockets: 1, cores: 1, threads: 1 },
        numaCells: [],
      },
      features: ['pae', 'apic', 'acpi'],
      bootDevices: ['hd'],
      clockOffset: 'localtime',
      onPoweroff: 'destroy',
      onReboot: 'restart',
      onCrash: 'restart',
      disk: {
        format: 'qcow2',
        target: 'hda',
        serial: null,
        readonly: false,
        bootOrder: null,
        place: { bus: 'ide', address: { controller: 0, bus: 0, target: 0, unit: 0 } },
      },
      controllers: [
        {
          type: 'usb',
          index: 0,
          model: null,
          masterStartPort: null,
          ports: null,
          address: { bus: 0, slot: 1, function: 2, multifunction: null },
        },
        { type: 'ide', index: 0, address: { bus: 0, slot: 1, function: 1, multifunction: null } },
      ],
      interfaces: [
        {
          mac: '52:54:00:9d:03:2f',
          model: 'rtl8139',
          address: { bus: 0, slot: 3, function: 0, multifunction: null },
        },
      ],
      inputs: [
        { type: 'tablet', bus: 'usb', address: null },
        { type: 'mouse', bus: 'ps2', address: null },
      ],
      sounds: [{ model: 'es1370', address: { bus: 0, slot: 4, function: 0, multifunction: null } }],
      graphics: ['vnc'],
      video: {
        model: 'cirrus',
        vramKib: 9216,
        ramKib: null,
        vgamemKib: null,
        heads: 1,
        address: { bus: 0, slot: 2, function: 0, multifunction: null },
      },
      serialPorts: [0],
      parallelPorts: [],
      hubs: [],
      memballoon: { address: { bus: 0, slot: 5, function: 0, multifunction: null } },
      rng: null,
    });
  });

  it('takes for what is not said what libvirt takes, and no memory balloon', () => {
    const machine = parseDomain(readPackageXml('minimal'));
    assert.equal(machine.vcpus, 1);
    assert.equal(machine.currentMemoryBytes, machine.memoryBytes);
    assert.deepEqual(machine.disk.place, { bus: 'ide', address: null });
    assert.deepEqual(
      [machine.onPoweroff, machine.onReboot, machine.onCrash],
      ['destroy', 'restart', 'destroy'],
    );
    assert.deepEqual([machine.cpu, machine.video, machine.memballoon], [null, null, null]);
    const nic = change(xp, '<model type="rtl8139"/>', '').replace(/<mac .*>/, '');
    assert.deepEqual(
      parseDomain(nic).interfaces.map(({ mac, model }) => [mac, model]),
      [[null, 'rtl8139']],
    );
  });

  it('reads how often the pointer may move', () => {
    assert.equal(parseDomain(readPackageXml('windows-311')).mouseRateHz, 50);
    assert.equal(parseDomain(readPackageXml('everything')).mouseRateHz, 1000);
    const empty = change(xp, '<devices>', '<metadata/><devices>');
    assert.equal(parseDomain(empty).mouseRateHz, null);
  });

  it('reads memory in every unit that is accepted, up to its bounds', () => {
    const sizes: readonly (readonly [string, number])[] = [
      ['<memory>1024<', 2 ** 20],
      ['<memory unit="b">1048576<', 2 ** 20],
      ['<memory unit="bytes">1048576<', 2 ** 20],
      ['<memory unit="k">1024<', 2 ** 20],
      ['<memory unit="KiB">1073741824<', 2 ** 40],
      ['<memory unit="M">1<', 2 ** 20],
      ['<memory unit="MiB">0x400<', 2 ** 30],
      ['<memory unit="G">1024<', 2 ** 40],
      ['<memory unit="GiB">1024<', 2 ** 40],
    ];
    const plain = change(xp, '<currentMemory>524288</currentMemory>', '');
    for (const [memory, bytes] of sizes) {
      assert.equal(
        parseDomain(change(plain, '<memory>524288<', memory)).memoryBytes,
        bytes,
        memory,
      );
    }
  });

  it('reads NUMA cells and their lists of CPUs', () => {
    assert.deepEqual(parseDomain(readPackageXml('everything')).cpu?.numaCells, [
      { cpus: [0, 1, 3], memoryBytes: 768 * 2 ** 20 },
      { cpus: [2], memoryBytes: 256 * 2 ** 20 },
    ]);
  });

  it('reads the names that QEMU has given a PC', () => {
    for (const type of [
      'pc',
      'pc-0.10',
      'pc-1.3',
      'pc-i440fx-1.4',
      'pc-i440fx-2.12',
      'pc-i440fx-10.0',
    ]) {
      assert.equal(parseDomain(change(xp, 'pc-1.0', type)).type, type);
    }
    for (const type of ['q35', 'pc-q35-2.4', 'pc-q35-10.0']) {
      assert.equal(parseDomain(change(q35, 'pc-q35-7.2', type)).type, type);
    }
  });

  it('reads the buses of a machine of today, and what is on them', () => {
    const machine = parseDomain(q35);
    assert.deepEqual(machine.disk.place, { bus: 'virtio', address: at(4) });
    assert.deepEqual(
      machine.controllers.filter(({ type, index }) => type === 'pci' && index !== 3),
      [
        { type: 'pci', index: 0, model: 'pcie-root' },
        rootPort(1, { ...at(0, 2), multifunction: true }),
        rootPort(2, at(0, 2, 1)),
        rootPort(4, at(0, 2, 3)),
        { ...rootPort(5, at(0, 2, 4)), device: 'ioh3420' },
        rootPort(6, at(0, 2, 5)),
        {
          type: 'pci',
          index: 7,
          model: 'pcie-to-pci-bridge',
          device: 'pcie-pci-bridge',
          chassis: null,
          port: null,
          address: at(6),
        },
      ],
    );
    assert.deepEqual(machine.controllers[0], {
      type: 'usb',
      index: 0,
      model: 'qemu-xhci',
      masterStartPort: null,
      ports: 15,
      address: at(2),
    });
    assert.deepEqual(machine.inputs[1], { type: 'keyboard', bus: 'virtio', address: at(7, 1) });
    assert.deepEqual(machine.video?.model, 'virtio');
    assert.deepEqual(machine.rng, { address: at(7, 2) });

    function rootPort(index: number, address: PciAddress): PciBridge {
      const model = 'pcie-root-port';
      const port = 0x0f + index;
      return { type: 'pci', index, model, device: model, chassis: index, port, address };
    }

    function at(bus: number, slot = 0, number = 0): PciAddress {
      return { bus, slot, function: number, multifunction: null };
    }
  });

  it('takes for the bus of a disk what its name says', () => {
    const name = (dev: string) =>
      parseDomain(change(readPackageXml('minimal'), 'dev="hda"', `dev="${dev}"`)).disk.place.bus;
    assert.deepEqual(['hda', 'sda', 'vda'].map(name), ['ide', 'scsi', 'virtio']);
  });
});

describe('describeMachine', () => {
  it('tells what a machine has', () => {
    assert.deepEqual(describeMachine(parseDomain(readPackageXml('xp-2012'))), {
      arch: 'i686',
      type: 'pc-1.0',
      memoryBytes: 536_870_912,
      vcpus: 1,
      devices: [
        'disk ide qcow2',
        'network rtl8139',
        'input usb tablet',
        'input ps2 mouse',
        'sound es1370',
        'video cirrus',
        'controller usb',
        'controller ide',
        'serial 0',
        'memballoon virtio',
      ],
    });
  });

  it('names every kind of device', () => {
    const { devices } = describeMachine(parseDomain(readPackageXml('everything')));
    for (const device of ['sound pcspk', 'controller usb ich9-ehci1', 'hub usb', 'parallel 0']) {
      assert.ok(devices.includes(device), device);
    }
    assert.equal(devices.length, 1 + 8 + 5 + 4 + 1 + 11 + 1 + 2 + 1 + 1);
    const today = describeMachine(parseDomain(readPackageXml('q35-virtio'))).devices;
    assert.deepEqual(today, [
      'disk virtio qcow2',
      'network virtio',
      'network e1000e',
      'input usb tablet',
      'input virtio keyboard',
      'input ps2 mouse',
      'input ps2 keyboard',
      'sound ich9',
      'video virtio',
      'controller usb qemu-xhci',
      'controller sata',
      'serial 0',
      'memballoon virtio',
      'rng virtio',
    ]);
  });
});
