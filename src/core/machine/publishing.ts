import { element, writeXml, XML_DECLARATION, type NewElement } from '../xml/index.js';
import { MAX_NAME_LENGTH } from './limits.js';
import type { DiskFormat, Machine } from './machine.js';
import { readAbsolutePath } from './read/disk.js';
import { readDomain } from './read/domain.js';
import { METADATA_NAMESPACE, STORED_DISK_PATH, STORED_NAME } from './vocabulary.js';
import { cpuElement } from './write/cpu.js';
import {
  controllerElement,
  diskElement,
  hubElement,
  inputElement,
  interfaceElement,
  memballoonElement,
  nullPortElement,
  rngElement,
  soundElement,
  videoElement,
} from './write/devices.js';
import { systemElements } from './write/system.js';

/** Every disk is packed in this format, whatever the publisher's own has. */
const PACKED_FORMAT = 'qcow2';

/** A publisher's machine, ready to be packed. */
export interface PublishableDomain {
  /** In the strict form that the client accepts. */
  readonly domainXml: string;
  /** Absolute path of the disk's image on the publisher's computer. */
  readonly diskPath: string;
  /** Of the publisher's own image. */
  readonly diskFormat: DiskFormat;
  /** What is different from the publisher's own, a sentence for each. */
  readonly changes: readonly string[];
}

/**
 * The publisher's reader: takes the domain XML of a machine under its own name and with its disk
 * where it lies, and writes the strict form.
 *
 * @throws VmnetxError `domain-malformed`, `domain-refused`
 */
export function readDomainForPublishing(xml: Uint8Array | string): PublishableDomain {
  const { machine, name, diskSource, hasEmulator } = readDomain(xml);
  if (name.text === '' || name.text.length > MAX_NAME_LENGTH) {
    name.refuse(`a name of 1 to ${MAX_NAME_LENGTH} characters is expected`);
  }
  const diskPath = readAbsolutePath(diskSource);
  const changes = [
    name.text === STORED_NAME ? [] : [`The name “${name.text}” becomes “${STORED_NAME}”.`],
    diskPath === STORED_DISK_PATH
      ? []
      : [`The disk’s file ${diskPath} becomes ${STORED_DISK_PATH}.`],
    machine.disk.format === PACKED_FORMAT
      ? []
      : [`The disk’s format “${machine.disk.format}” becomes “${PACKED_FORMAT}”.`],
    hasEmulator ? ['The emulator is left out.'] : [],
    machine.clockOffset === 'localtime'
      ? []
      : [`The clock’s offset “${machine.clockOffset}” becomes “localtime”.`],
  ].flat();
  return {
    domainXml: XML_DECLARATION + writeStrictForm(machine),
    diskPath,
    diskFormat: machine.disk.format,
    changes,
  };
}

function writeStrictForm(machine: Machine): string {
  const { uuid, description, mouseRateHz, cpu } = machine;
  return writeXml(
    element('domain', { type: 'kvm' }, [
      element('name', {}, STORED_NAME),
      uuid === null ? undefined : element('uuid', {}, uuid),
      description === null ? undefined : element('description', {}, description),
      mouseRateHz === null ? undefined : metadataElement(mouseRateHz),
      ...systemElements(machine, machine.type),
      cpu === null ? undefined : cpuElement(cpu, null),
      element('devices', {}, strictDevices(machine)),
    ]),
  );
}

function metadataElement(mouseRateHz: number): NewElement {
  return element('metadata', {}, [
    element('vmnetx:vmnetx', { 'xmlns:vmnetx': METADATA_NAMESPACE }, [
      element('vmnetx:limit_mouse_rate', { hz: mouseRateHz }),
    ]),
  ]);
}

function strictDevices(machine: Machine): readonly (NewElement | undefined)[] {
  return [
    diskElement({ ...machine.disk, format: PACKED_FORMAT }, STORED_DISK_PATH, {}),
    ...machine.controllers.map(controllerElement),
    ...machine.interfaces.map((nic) => interfaceElement(nic, null)),
    ...machine.inputs.map(inputElement),
    ...machine.sounds.map(soundElement),
    ...machine.graphics.map((type) => element('graphics', { type, autoport: 'yes' })),
    machine.video === null ? undefined : videoElement(machine.video),
    ...machine.serialPorts.map((port) => nullPortElement('serial', port)),
    ...machine.parallelPorts.map((port) => nullPortElement('parallel', port)),
    ...machine.hubs.map(hubElement),
    memballoonElement(machine.memballoon),
    machine.rng === null ? undefined : rngElement(machine.rng),
  ];
}
