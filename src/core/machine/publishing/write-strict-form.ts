import { element, writeXml, XML_DECLARATION, type NewElement } from '../../xml/index.js';
import type { Machine } from '../machine.js';
import type { SavedDomain } from '../parse-saved-domain.js';
import { METADATA_NAMESPACE, STORED_DISK_PATH, STORED_NAME } from '../vocabulary.js';
import { cpuElement } from '../write/cpu.js';
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
} from '../write/devices.js';
import { systemElements } from '../write/system.js';

/** Every disk is packed in this format, whatever the publisher's own has. */
export const PACKED_FORMAT = 'qcow2';

/** The domain XML of a package: all of the machine, and nothing besides. */
export function writePackagedDomain(machine: Machine): string {
  return XML_DECLARATION + writeDomain(machine, 'kvm');
}

/** What stands before saved memory: the same, with what ran the machine. */
export function writeSavedDomain({ machine, accelerator }: SavedDomain): string {
  return writeDomain(machine, accelerator === 'kvm' ? 'kvm' : 'qemu');
}

function writeDomain(machine: Machine, type: 'kvm' | 'qemu'): string {
  const { uuid, description, mouseRateHz, cpu } = machine;
  return writeXml(
    element('domain', { type }, [
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
