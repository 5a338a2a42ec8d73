import { fail } from '../../errors/index.js';
import { parseXml, XmlError, type XmlElement } from '../../xml/index.js';
import { MEMORY_BYTES, XML_LIMITS } from '../limits.js';
import type { LifecycleAction, Machine } from '../machine.js';
import { LIFECYCLE_ACTIONS } from '../vocabulary.js';
import { checkWhole } from './check-whole.js';
import { readCpu } from './cpu.js';
import { readDeviceList } from './device-list.js';
import { readMemoryElement } from './memory-size.js';
import { openElement } from './strict-element.js';
import {
  readClock,
  readDescription,
  readMouseRate,
  readOs,
  readPlatformFeatures,
  readUuid,
  readVcpus,
} from './system.js';
import type { Value } from './value.js';

/** A domain XML whose machine is accepted; name and file are for the caller to judge. */
export interface Domain {
  readonly machine: Machine;
  readonly name: Value;
  readonly diskSource: Value;
}

/**
 * Reads the machine, with its one disk, out of a domain XML.
 *
 * @throws VmnetxError `domain-refused`
 */
export function readDomain(root: XmlElement): Domain {
  const domain = openElement(root, {
    attributes: ['type'],
    once: [
      'name',
      'uuid',
      'description',
      'metadata',
      'cpu',
      'os',
      'clock',
      'memory',
      'currentMemory',
      'vcpu',
      'features',
      'on_poweroff',
      'on_reboot',
      'on_crash',
      'devices',
    ],
  });
  domain.required('type').oneOf(['kvm']);
  const optional = <Result>(element: XmlElement | null, read: (element: XmlElement) => Result) =>
    element === null ? null : read(element);

  const vcpuElement = domain.child('vcpu');
  const vcpus = vcpuElement === null ? 1 : readVcpus(vcpuElement);
  const memoryBytes = readMemoryElement(domain.requiredChild('memory'), MEMORY_BYTES);
  const bounds = { min: 1024, max: memoryBytes };
  const { source, ...devices } = readDeviceList(domain.requiredChild('devices'));
  const machine = {
    uuid: optional(domain.child('uuid'), readUuid),
    description: optional(domain.child('description'), readDescription),
    mouseRateHz: optional(domain.child('metadata'), readMouseRate),
    ...readOs(domain.requiredChild('os')),
    memoryBytes,
    currentMemoryBytes:
      optional(domain.child('currentMemory'), (element) => readMemoryElement(element, bounds)) ??
      memoryBytes,
    vcpus,
    cpu: optional(domain.child('cpu'), (element) => readCpu(element, { vcpus, memoryBytes })),
    features: optional(domain.child('features'), readPlatformFeatures) ?? [],
    clockOffset: optional(domain.child('clock'), readClock) ?? 'utc',
    onPoweroff: optional(domain.child('on_poweroff'), readAction) ?? 'destroy',
    onReboot: optional(domain.child('on_reboot'), readAction) ?? 'restart',
    onCrash: optional(domain.child('on_crash'), readAction) ?? 'destroy',
    ...devices,
  };
  checkWhole(machine);
  return {
    machine,
    name: openElement(domain.requiredChild('name'), { text: true }).text,
    diskSource: source,
  };
}

/**
 * Parses a domain XML, without judging what stands in it.
 *
 * @throws VmnetxError `domain-malformed`
 */
export function parseTree(xml: Uint8Array | string): XmlElement {
  try {
    const root = parseXml(xml, XML_LIMITS);
    if (root.localName === 'domain') return root;
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    throw fail('domain-malformed', { reason: error.message }, { cause: error });
  }
  throw fail('domain-malformed', { reason: 'its root is not <domain>' });
}

function readAction(element: XmlElement): LifecycleAction {
  return openElement(element, { text: true }).text.oneOf(LIFECYCLE_ACTIONS);
}
