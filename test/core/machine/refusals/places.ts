import { amongDevices, DEVICES, type Case } from './case.js';

const controller = (position: number): string => `${DEVICES}/controller[${position}]`;
const input = (port: string, bus = 0): string =>
  `<input type="mouse" bus="usb"><address type="usb" bus="${bus}" port="${port}"/></input>`;
const hub = (port: string): string =>
  `<hub type="usb"><address type="usb" bus="0" port="${port}"/></hub>`;
const companion = (number: number, first: number, index = 1): string =>
  `<controller type="usb" index="${index}" model="ich9-uhci${number}"><master startport="${first}"/></controller>`;
const EHCI = '<controller type="usb" index="1" model="ich9-ehci1"/>';

/** Where libvirt or QEMU has no place for a device of a PC with the i440FX. */
export const places: readonly Case[] = [
  ...['0x0', '0x3'].map((number): Case => {
    const to = `slot="0x01" function="${number}"`;
    const what = `function ${number} of the PIIX3`;
    return [what, 'slot="0x05" function="0x0"', to, `${DEVICES}/memballoon/address`];
  }),
  ['IDE elsewhere', 'function="0x1"', 'function="0x4"', `${controller(2)}/address`],
  ['USB elsewhere', 'function="0x2"', 'function="0x4"', `${controller(1)}/address`],
  amongDevices('<controller type="ide" index="1"/>', controller(3)),
  ...[
    ['unit="0"', 'unit="2"', 'unit'],
    ['unit="0"', 'unit="0" target="1"', 'target'],
    ['controller="0"', 'controller="1"', 'controller'],
  ].map(([from = '', to = '', name = '']): Case => {
    return [`an IDE disk at ${to}`, from, to, `${DEVICES}/disk/address/@${name}`];
  }),
  amongDevices(input('3'), `${DEVICES}/input[3]/address`),
  amongDevices(input('1', 1), `${DEVICES}/input[3]/address`),
  amongDevices(input('1.1'), `${DEVICES}/input[3]/address`),
  amongDevices(`${hub('2')}${input('2.9')}`, `${DEVICES}/input[3]/address`),
  amongDevices(`${hub('2')}${input('2')}`, `${DEVICES}/input[3]/address`),
  amongDevices(`${hub('2.1')}${hub('2')}`, `${DEVICES}/hub[1]/address`),
  amongDevices(companion(1, 0), controller(3)),
  amongDevices(`${EHCI}${companion(1, 5)}`, `${controller(4)}/master/@startport`),
  amongDevices(`${EHCI}${companion(1, 0)}${companion(2, 1)}`, `${controller(5)}/master`),
  amongDevices(
    '<controller type="usb" index="1" model="ich9-ehci1">' +
      `<address type="pci" slot="8" function="2"/></controller>${companion(3, 0)}`,
    controller(4),
  ),
  amongDevices(
    '<controller type="usb" index="1" model="ehci"><master startport="0"/></controller>',
    `${controller(3)}/master`,
  ),
  amongDevices(`${EHCI}<controller type="usb" index="1" model="ehci"/>`, controller(4)),
  amongDevices(`${EHCI}<hub type="usb"/>`, `${DEVICES}/hub`),
  amongDevices(`${input('1')}${input('2')}`, `${DEVICES}/input[1]`),
  amongDevices(
    `${EHCI}${companion(1, 0)}<hub type="usb"><address type="usb" bus="1" port="3"/></hub>`,
    `${DEVICES}/hub/address`,
  ),
  amongDevices(
    '<sound model="ac97"><address type="pci" slot="6" multifunction="off"/></sound>' +
      '<sound model="ich6"><address type="pci" slot="6" function="1"/></sound>',
    `${DEVICES}/sound[2]/address`,
  ),
];

/** The same of one with the Q35. */
export const q35Places: readonly Case[] = [
  ['a card on the ICH9', 'slot="0x1b"', 'slot="0x1f"', `${DEVICES}/sound/address`],
  [
    'SATA elsewhere',
    'function="0x2"/>\n    </controller>\n    <interface',
    'function="0x4"/>\n    </controller>\n    <interface',
    `${controller(10)}/address`,
  ],
  [
    'a port behind a port',
    'bus="0x00" slot="0x02" function="0x1"',
    'bus="0x01" slot="0x00" function="0x0"',
    `${controller(4)}/address`,
  ],
  [
    'a PCI bridge on the root',
    'bus="0x06" slot="0x00"',
    'bus="0x00" slot="0x04"',
    `${controller(9)}/address`,
  ],
  [
    'a PCI bridge without an address',
    '<address type="pci" domain="0x0000" bus="0x06" slot="0x00" function="0x0"/>',
    '',
    controller(9),
  ],
  ['a chassis twice', 'chassis="2"', 'chassis="1"', controller(4)],
  [
    'a USB controller of another chipset',
    ' model="qemu-xhci" ports="15">\n      <address type="pci" domain="0x0000" bus="0x02" slot="0x00" function="0x0"/>',
    '><address type="pci" bus="0x00" slot="0x01" function="0x2"/>',
    `${controller(1)}/address`,
  ],
  ['a chassis of a port to come', 'chassis="2"', 'chassis="31"', controller(4)],
  [
    'a port that an xHCI does not have',
    'bus="0" port="1"',
    'bus="0" port="16"',
    `${DEVICES}/input[1]/address`,
  ],
];
