import { devices, type Change } from './case.js';

const ADDRESS = '<address type="drive" controller="0" bus="0" target="0" unit="0"/>';

export const DISKS: readonly Change[] = [
  [
    'has a disk that this computer does nothing special with',
    devices(`<disk type="file" device="disk" snapshot="external">
      <driver name="qemu" type="qcow2" cache="none" io="native" discard="unmap" iothread="1"/>
      <source file="/a" index="1" startupPolicy="optional"><seclabel model="dac"/></source>
      <backingStore type="file"><source file="/b"/></backingStore>
      <target dev="hda" bus="ide" rotation_rate="1"/>
      <iotune/><serial>1</serial><wwn>5000c50015ea71ad</wwn><alias name="ide0-0-0"/>${ADDRESS}
    </disk>`),
    devices(`<disk type="file" device="disk"><driver name="qemu" type="qcow2"/><source file="/a"/>
      <target dev="hda" bus="ide"/><serial>1</serial>${ADDRESS}</disk>`),
    [
      'The aliases of the devices are left out.',
      'Left out of /domain/devices/disk: snapshot, backingStore, iotune, wwn.',
      'Left out of /domain/devices/disk/source: index, startupPolicy, seclabel.',
      'Left out of /domain/devices/disk/driver: cache, discard, io, iothread.',
      'Left out of /domain/devices/disk/target: rotation_rate.',
    ],
  ],
  [
    'has no drives that are empty',
    devices(`<disk type="file" device="cdrom"><driver name="qemu" type="raw"/>
        <target dev="sda" bus="sata"/><readonly/>${ADDRESS}</disk>
      <disk type="file" device="disk"><source file="/a"/></disk>
      <disk type="file" device="cdrom"><source startupPolicy="optional"/><target dev="sdb"/></disk>
      <disk type="block" device="floppy"><target dev="fda" bus="fdc"/></disk>`),
    devices('<disk type="file" device="disk"><source file="/a"/></disk>'),
    [
      'The empty CD-ROM drive is left out: /domain/devices/disk[1].',
      'The empty CD-ROM drive is left out: /domain/devices/disk[3].',
      'The empty floppy drive is left out: /domain/devices/disk[4].',
    ],
  ],
];
