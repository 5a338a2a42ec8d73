import type { XmlElement } from '../../xml/index.js';
import { refuse } from '../read/refusal.js';
import { childrenOf, editChildren, without, type Say } from './edit.js';

/** Drives for media, by the word for their device. */
const DRIVES: ReadonlyMap<string, string> = new Map([
  ['cdrom', 'CD-ROM'],
  ['floppy', 'floppy'],
]);

/** How this computer treats the image; it is no part of what the guest sees. */
const DRIVER_SETTINGS = [
  'ats',
  'cache',
  'copy_on_read',
  'detect_zeroes',
  'discard',
  'discard_no_unref',
  'error_policy',
  'event_idx',
  'io',
  'ioeventfd',
  'iommu',
  'iothread',
  'packed',
  'page_per_vq',
  'queue_size',
  'queues',
  'rerror_policy',
];
const DRIVER_PARTS = ['iothreads', 'metadata_cache'];

const DISK_PARTS = [
  'acpi',
  'backenddomain',
  'backingStore',
  'blockio',
  'geometry',
  'iotune',
  'product',
  'shareable',
  'throttlefilters',
  'transient',
  'vendor',
  'wwn',
];

/** @throws VmnetxError `domain-refused` for a drive with a medium in it */
export function adaptDisk(disk: XmlElement, say: Say): XmlElement | null {
  const drive = DRIVES.get(disk.attributes.get('device') ?? 'disk');
  if (drive !== undefined) return adaptDrive(disk, drive, say);
  const names = { attributes: ['snapshot'], children: DISK_PARTS };
  const source = { attributes: ['index', 'startupPolicy'], children: ['seclabel'] };
  const driver = { attributes: DRIVER_SETTINGS, children: DRIVER_PARTS };
  const target = { attributes: ['removable', 'rotation_rate', 'tray'] };
  return Object.entries({ source, driver, target }).reduce(
    (edited, [name, parts]) =>
      editChildren(edited, name, (child) => without(child, parts, say), say),
    without(disk, names, say),
  );
}

function adaptDrive(disk: XmlElement, drive: string, say: Say): null {
  const [source] = childrenOf(disk, 'source');
  // An ejected medium can leave a policy behind, but names nothing.
  const isEmpty = [...(source?.attributes.keys() ?? [])].every((name) => name === 'startupPolicy');
  if (!isEmpty) refuse(disk.path, `a medium cannot go with the machine: eject it from this drive`);
  say(`The empty ${drive} drive is left out: ${disk.path}.`);
  return null;
}
