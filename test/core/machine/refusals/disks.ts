import { amongDevices, before, DEVICES, type Case } from './case.js';

const SECOND_DISK = '<driver type="raw"/><source file="/etc/passwd"/><target dev="hdb"/></disk>';

export const disks: readonly Case[] = [
  amongDevices(`<disk type="file" device="disk">${SECOND_DISK}`, `${DEVICES}/disk[2]`),
  amongDevices(`<disk type="file">${SECOND_DISK}`, `${DEVICES}/disk[2]`),
  ...['cdrom', 'floppy', 'lun', ''].map((device): Case => {
    const to = `device="${device}"`;
    return [to, 'device="disk"', to, `${DEVICES}/disk/@device`];
  }),
  ...['block', 'network', 'dir', 'volume', 'nvme', 'vhostuser'].map((type): Case => {
    const to = `<disk type="${type}" `;
    return [to, '<disk type="file" ', to, `${DEVICES}/disk/@type`];
  }),
  ...['nbd', 'vvfat', 'blkdebug', 'http', 'luks', 'vmdk', 'qed', 'qcow2,x=y', ''].map(
    (format): Case => {
      const to = `name="qemu" type="${format}"`;
      return [to, 'name="qemu" type="qcow2"', to, `${DEVICES}/disk/driver/@type`];
    },
  ),
  ['no format', ' type="qcow2"', '', `${DEVICES}/disk/driver`],
  ['another driver', 'name="qemu"', 'name="tap"', `${DEVICES}/disk/driver/@name`],
  [
    'a driver option',
    'type="qcow2"',
    'type="qcow2" cache="unsafe"',
    `${DEVICES}/disk/driver/@cache`,
  ],
  ...[
    '/etc/passwd',
    'json:{&quot;driver&quot;:&quot;nbd&quot;}',
    'nbd://example.org/x',
    'disk.img',
    '/disk.img,x=y',
    ' /disk.img',
    '',
  ].map((file): Case => {
    return [`file ${file}`, '"/disk.img"', `"${file}"`, `${DEVICES}/disk/source/@file`];
  }),
  ['a device as source', 'file="/disk.img"', 'dev="/dev/sda"', `${DEVICES}/disk/source/@dev`],
  before('<target dev="hda"', '<backingStore type="file"/>', `${DEVICES}/disk/backingStore`),
  before('<target dev="hda"', '<source file="/disk.img"/>', `${DEVICES}/disk/source[2]`),
  before('<target dev="hda"', '<encryption format="luks"/>', `${DEVICES}/disk/encryption`),
  before('<target dev="hda"', '<iotune/>', `${DEVICES}/disk/iotune`),
  before('<target dev="hda"', '<readonly/>', `${DEVICES}/disk/readonly`),
  ...['a,b', 'a"b', 'a/b', '', 'x'.repeat(37), 'é'].map((serial): Case => {
    const added = `<serial>${serial}</serial>`;
    return before('<target dev="hda"', added, `${DEVICES}/disk/serial`);
  }),
  ...['fdc', 'xen', 'sd', 'nvme'].map((bus): Case => {
    return [`bus ${bus}`, 'bus="ide"/>', `bus="${bus}"/>`, `${DEVICES}/disk/target/@bus`];
  }),
  [
    'a virtio disk on a drive controller',
    'bus="ide"/>',
    'bus="virtio"/>',
    `${DEVICES}/disk/address/@controller`,
  ],
  [
    'a virtio disk of an older kind',
    '<disk ',
    '<disk model="virtio-transitional" ',
    `${DEVICES}/disk/@model`,
  ],
  ['an odd target', 'dev="hda"', 'dev="hda,x"', `${DEVICES}/disk/target/@dev`],
  ['a fifth IDE disk', 'dev="hda"', 'dev="hde"', `${DEVICES}/disk/target/@dev`],
  ['a unit beyond all', 'unit="0"', 'unit="64"', `${DEVICES}/disk/address/@unit`],
  before('<target dev="hda"', '<boot order="0"/>', `${DEVICES}/disk/boot/@order`),
  before('<target dev="hda"', '<boot order="1"/>', '/domain/os/boot', 'two boot orders'),
];
