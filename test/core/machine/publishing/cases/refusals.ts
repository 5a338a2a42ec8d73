import { devices, domain, type Refusal } from './case.js';

const FIRMWARE =
  'a machine with UEFI, or other firmware of its own, is not accepted: ' +
  'install its system with the BIOS';
const KERNEL = 'a kernel beside the disk is not accepted: have the disk start by itself';
const MEDIUM = 'a medium cannot go with the machine: eject it from this drive';
const QEMU = 'options of QEMU itself are not accepted';

const os = (content: string, attributes = '') => domain(`<os ${attributes}>${content}</os>`);
const inQemu = (content: string) =>
  `<domain type="kvm" xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0">${content}</domain>`;

export const REFUSALS: readonly Refusal[] = [
  ['UEFI that libvirt chooses', os('', 'firmware="efi"'), '/domain/os/@firmware', FIRMWARE],
  ['UEFI', os('<loader type="pflash">/usr/OVMF.fd</loader>'), '/domain/os/loader', FIRMWARE],
  ['the variables of UEFI', os('<nvram>/var/a.fd</nvram>'), '/domain/os/nvram', FIRMWARE],
  ['a kernel of the host', os('<kernel>/boot/vmlinuz</kernel>'), '/domain/os/kernel', KERNEL],
  ['an initial RAM disk', os('<initrd>/boot/initrd</initrd>'), '/domain/os/initrd', KERNEL],
  ['words to a kernel', os('<cmdline>quiet</cmdline>'), '/domain/os/cmdline', KERNEL],
  [
    'words to QEMU',
    inQemu('<qemu:commandline><qemu:arg value="-s"/></qemu:commandline>'),
    '/domain/qemu:commandline',
    QEMU,
  ],
  ['changes to QEMU’s devices', inQemu('<qemu:override/>'), '/domain/qemu:override', QEMU],
  [
    'a device of the host',
    devices('<hostdev mode="subsystem" type="usb"/>'),
    '/domain/devices/hostdev',
    'a device of this computer cannot go with the machine',
  ],
  [
    'a folder of the host',
    devices('<filesystem type="mount"><source dir="/home"/></filesystem>'),
    '/domain/devices/filesystem',
    'a folder of this computer cannot go with the machine',
  ],
  [
    'shared memory',
    devices('<shmem name="a"/>'),
    '/domain/devices/shmem',
    'memory that is shared with this computer cannot go with the machine',
  ],
  ...['file="/a.iso"', 'dev="/dev/sr0"', 'pool="p" volume="v"'].map((source): Refusal => [
    `a drive with a medium (${source})`,
    devices(`<disk device="cdrom"><source ${source} startupPolicy="optional"/></disk>`),
    '/domain/devices/disk',
    MEDIUM,
  ]),
];
