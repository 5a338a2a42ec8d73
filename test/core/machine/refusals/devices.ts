import { amongDevices, DEVICES, type Case } from './case.js';

/** What only a Q35 machine has. */
const PORTS = ['pcie-root-port', 'pcie-to-pci-bridge', 'dmi-to-pci-bridge'].map(
  (model) => `<controller type="pci" index="1" model="${model}"/>`,
);

export const devices: readonly Case[] = [
  amongDevices('<controller type="virtio-serial" index="0"/>', `${DEVICES}/controller[3]/@type`),
  ...['<controller type="pci" index="0" model="pcie-root"/>', ...PORTS].map((added) =>
    amongDevices(added, `${DEVICES}/controller[3]`),
  ),
  amongDevices(
    '<controller type="pci" index="0" model="pci-root"/>'.repeat(2),
    `${DEVICES}/controller[4]`,
  ),
  amongDevices(
    '<controller type="pci" index="1" model="pci-bridge"/>'.repeat(2),
    `${DEVICES}/controller[4]`,
  ),
  ...['pcie-expander-bus', 'pcie-switch-upstream-port', 'pci-bridge,x=y', ''].map((model) =>
    amongDevices(
      `<controller type="pci" index="1" model="${model}"/>`,
      `${DEVICES}/controller[3]/@model`,
    ),
  ),
  ...['0', '32', '-1', '255'].map((index) =>
    amongDevices(
      `<controller type="pci" index="${index}" model="pci-bridge"/>`,
      `${DEVICES}/controller[3]/@index`,
    ),
  ),
  amongDevices(
    '<controller type="pci" index="1" model="pci-root"/>',
    `${DEVICES}/controller[3]/@index`,
  ),
  ...['none', 'pci-ohci', 'qusb1', 'qemu-xhci,x=y'].map((model) =>
    amongDevices(
      `<controller type="usb" index="0" model="${model}"/>`,
      `${DEVICES}/controller[3]/@model`,
    ),
  ),
  ...['0', '16', '4294967297'].map((ports) =>
    amongDevices(
      `<controller type="usb" index="0" model="qemu-xhci" ports="${ports}"/>`,
      `${DEVICES}/controller[3]/@ports`,
    ),
  ),
  amongDevices('<controller type="usb" index="16"/>', `${DEVICES}/controller[3]/@index`),
  amongDevices(
    '<controller type="scsi" index="0" model="virtio-scsi"/>',
    `${DEVICES}/controller[3]/@model`,
  ),
  amongDevices(
    '<controller type="ide" index="0"><driver iommu="on"/></controller>',
    `${DEVICES}/controller[3]/driver`,
  ),
  amongDevices('<input type="tablet" bus="ps2"/>', `${DEVICES}/input[3]`),
  amongDevices('<input type="passthrough" bus="virtio"/>', `${DEVICES}/input[3]/@type`),
  amongDevices(
    '<input type="mouse" bus="usb"><address type="usb" bus="0" port="1.2.3.4.5"/></input>',
    `${DEVICES}/input[3]/address/@port`,
  ),
  amongDevices(
    '<input type="mouse" bus="usb"><address type="usb" bus="0" port="1,x"/></input>',
    `${DEVICES}/input[3]/address/@port`,
  ),
  amongDevices('<sound model="usb"/>', `${DEVICES}/sound[2]/@model`),
  amongDevices('<sound model="es1370"/>', `${DEVICES}/sound`),
  amongDevices('<hub type="pci"/>', `${DEVICES}/hub/@type`),
  amongDevices('<memballoon model="none"/>', `${DEVICES}/memballoon[2]`),
  [
    'a memory balloon',
    '<memballoon model="virtio">',
    '<memballoon model="xen">',
    `${DEVICES}/memballoon/@model`,
  ],
  ...['0x00', '0x20', '-1', 'five', '0x0000000000000005'].map((slot): Case => {
    return [`slot ${slot}`, 'slot="0x05"', `slot="${slot}"`, `${DEVICES}/memballoon/address/@slot`];
  }),
  [
    'another bus',
    'bus="0x00" slot="0x05"',
    'bus="0x01" slot="0x05"',
    `${DEVICES}/memballoon/address`,
  ],
  [
    'a bus beyond all',
    'bus="0x00" slot="0x05"',
    'bus="0x20" slot="0x05"',
    `${DEVICES}/memballoon/address/@bus`,
  ],
  [
    'another domain',
    'domain="0x0000" bus="0x00" slot="0x05"',
    'domain="0x0001" bus="0x00" slot="0x05"',
    `${DEVICES}/memballoon/address/@domain`,
  ],
  [
    'a function',
    'slot="0x05" function="0x0"',
    'slot="0x05" function="8"',
    `${DEVICES}/memballoon/address/@function`,
  ],
  ['an address twice', 'slot="0x05"', 'slot="0x04"', `${DEVICES}/memballoon/address`],
  [
    'an address of another kind',
    '<address type="pci" domain="0x0000" bus="0x00" slot="0x05"',
    '<address type="ccw" domain="0x0000" bus="0x00" slot="0x05"',
    `${DEVICES}/memballoon/address/@type`,
  ],
];
