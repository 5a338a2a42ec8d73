import type { XmlElement } from '../../xml/index.js';
import { BOOT_ORDER, MAX_PATH_LENGTH, MAX_SERIAL_LENGTH } from '../limits.js';
import type { Disk, DiskPlace } from '../machine.js';
import { DISK_BUSES, DISK_FORMATS } from '../vocabulary.js';
import { readDriveAddress, readPciAddress, readUsbAddress } from './addresses.js';
import { refuse } from './refusal.js';
import { expectEmpty, openElement } from './strict-element.js';
import type { Value } from './value.js';

/** What libvirt's schema accepts, without the quotes and slashes that QEMU would have to escape. */
const SERIAL = new RegExp(`^[A-Za-z0-9_.+ -]{1,${MAX_SERIAL_LENGTH}}$`);

/** The one `<disk>` and the file that it names. */
export function readDisk(element: XmlElement): { readonly disk: Disk; readonly source: Value } {
  const disk = openElement(element, {
    attributes: ['type', 'device'],
    once: ['driver', 'source', 'target', 'boot', 'readonly', 'serial', 'address'],
  });
  disk.required('type').oneOf(['file']);
  disk.attribute('device')?.oneOf(['disk']);

  const driver = openElement(disk.requiredChild('driver'), { attributes: ['name', 'type'] });
  driver.attribute('name')?.oneOf(['qemu']);
  const source = openElement(disk.requiredChild('source'), { attributes: ['file'] });

  const target = openElement(disk.requiredChild('target'), { attributes: ['dev', 'bus'] });
  const dev = target.required('dev');
  const kind = dev.matching(/^[hsv]d[a-z]$/, 'a name such as “hda”, “sda” or “vda”').charAt(0);
  const usual = kind === 'h' ? 'ide' : kind === 's' ? 'scsi' : 'virtio';
  const bus = target.attribute('bus')?.oneOf(DISK_BUSES) ?? usual;
  if (bus === 'ide' && !/^hd[a-d]$/.test(dev.text)) {
    dev.refuse('the names of IDE disks are hda to hdd');
  }

  const readonly = disk.child('readonly');
  if (readonly !== null) {
    expectEmpty(readonly);
    // QEMU has no such hard disks.
    if (bus === 'ide' || bus === 'sata') refuse(readonly.path, `an ${bus} disk is writable`);
  }
  const boot = disk.child('boot');
  const serial = disk.child('serial');
  return {
    source: source.required('file'),
    disk: {
      format: driver.required('type').oneOf(DISK_FORMATS),
      target: dev.text,
      serial: serial === null ? null : readSerial(serial),
      readonly: readonly !== null,
      bootOrder: boot === null ? null : readBootOrder(boot),
      place: readPlace(bus, disk.child('address')),
    },
  };
}

/**
 * A file of the publisher's own.
 *
 * @throws VmnetxError unless it is an absolute path
 */
export function readAbsolutePath(value: Value): string {
  if (value.text.length > MAX_PATH_LENGTH) value.refuse('a shorter path is expected');
  return value.matching(/^\/[^\p{Cc}]+$/u, 'an absolute path');
}

function readPlace(bus: DiskPlace['bus'], address: XmlElement | null): DiskPlace {
  switch (bus) {
    case 'usb':
      return { bus, address: readUsbAddress(address) };
    case 'virtio':
      return { bus, address: readPciAddress(address) };
    case 'ide':
    case 'sata':
    case 'scsi':
      return { bus, address: readDriveAddress(address, bus) };
  }
}

function readBootOrder(element: XmlElement): number {
  return openElement(element, { attributes: ['order'] })
    .required('order')
    .integer(BOOT_ORDER);
}

function readSerial(element: XmlElement): string {
  const serial = openElement(element, { text: true }).text;
  return serial.matching(SERIAL, 'a serial number of letters, digits, blanks and “_.+-”');
}
