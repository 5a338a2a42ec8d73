import { readPackageXml } from '../fixtures.js';
import { DEVICES, type Case } from './case.js';

/** The sound machine with a Q35 chipset that every case spoils in one place. */
export const Q35_XML = readPackageXml('q35-virtio');

const controller = (position: number): string => `${DEVICES}/controller[${position}]`;

export const q35: readonly Case[] = [
  [
    'the root of another chipset',
    'index="0" model="pcie-root"',
    'index="0" model="pci-root"',
    controller(2),
  ],
  [
    'a root with another number',
    'index="0" model="pcie-root"',
    'index="1" model="pcie-root"',
    `${controller(2)}/@index`,
  ],
  [
    'a root with a hole of its own',
    'model="pcie-root"/>',
    'model="pcie-root"><pcihole64>1</pcihole64></controller>',
    `${controller(2)}/pcihole64`,
  ],
  [
    'a root with an address',
    'model="pcie-root"/>',
    'model="pcie-root"><address type="pci" slot="1"/></controller>',
    `${controller(2)}/address`,
  ],
  [
    'an IDE disk',
    'dev="vda" bus="virtio"/>\n      <address type="pci" domain="0x0000" bus="0x04" slot="0x00" function="0x0"/>',
    'dev="hda" bus="ide"/>',
    `${DEVICES}/disk/target`,
  ],
  ['an IDE controller', 'type="sata"', 'type="ide"', controller(10)],
  ['a bus twice', 'type="pci" index="2"', 'type="pci" index="1"', controller(4)],
  ['a bus that is not there', 'bus="0x05"', 'bus="0x08"', `${DEVICES}/memballoon/address`],
  [
    'a second slot of a port',
    'bus="0x05" slot="0x00"',
    'bus="0x05" slot="0x01"',
    `${DEVICES}/memballoon/address`,
  ],
  [
    'slot 0 of a bridge',
    'bus="0x07" slot="0x02"',
    'bus="0x07" slot="0x00"',
    `${DEVICES}/rng/address`,
  ],
  ['two devices on a port', 'bus="0x05"', 'bus="0x04"', `${DEVICES}/memballoon/address`],
  ['a bridge behind itself', 'bus="0x06"', 'bus="0x07"', `${controller(9)}/address`],
  ['another device for a port', 'name="ioh3420"', 'name="pxb"', `${controller(7)}/model/@name`],
  ['options for a port', 'name="ioh3420"', 'name="ioh3420,x=y"', `${controller(7)}/model/@name`],
  ['a port beyond all', 'port="0x10"', 'port="0x100"', `${controller(3)}/target/@port`],
  ['a chassis of text', 'chassis="1"', 'chassis="one"', `${controller(3)}/target/@chassis`],
  [
    'a port on a NUMA node',
    'chassis="1"',
    'chassis="1" busNr="9"',
    `${controller(3)}/target/@busNr`,
  ],
  [
    'a target of a bridge that has none',
    '<model name="pcie-pci-bridge"/>',
    '<target chassisNr="1"/>',
    `${controller(9)}/target`,
  ],
  [
    'options of a card',
    '<rng model="virtio">',
    '<rng model="virtio"><driver iommu="on"/>',
    `${DEVICES}/rng/driver`,
  ],
  [
    'a rate',
    '<rng model="virtio">',
    '<rng model="virtio"><rate bytes="1"/>',
    `${DEVICES}/rng/rate`,
  ],
  [
    'a virtio input on USB',
    'type="keyboard" bus="virtio">',
    'type="keyboard" bus="virtio"><address type="usb" bus="0" port="2"/>',
    `${DEVICES}/input[2]/address[2]`,
  ],
  [
    'an input of the host',
    'type="keyboard" bus="virtio"',
    'type="evdev" bus="virtio"',
    `${DEVICES}/input[2]/@type`,
  ],
];
