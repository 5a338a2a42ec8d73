import type { XmlElement } from '../xml/index.js';
import type { Machine } from './machine.js';
import { adaptDomain } from './publishing/adapt-domain.js';
import { childrenOf } from './publishing/edit.js';
import { parseTree, readDomain } from './read/domain.js';
import { refuse } from './read/refusal.js';

/** A machine as libvirt described it when it saved its memory. */
export interface SavedDomain {
  readonly machine: Machine;
  /** What ran it; the other cannot go on with its memory. */
  readonly accelerator: 'kvm' | 'tcg';
}

/** What the guest does not see: it may be left out, and the state fits all the same. */
const UNSEEN: Readonly<Record<'devices' | 'features', readonly string[]>> = {
  devices: ['audio', 'console', 'emulator', 'graphics', 'lease', 'redirfilter'],
  features: ['vmport'],
};

/**
 * Reads the machine out of the domain XML that libvirt puts before saved memory: as the strict reader
 * does, but what leads to something on its publisher's computer may stand there and is passed over,
 * as when a machine is published. What the guest saw must all be in the strict form: state of a device
 * fits only that device.
 *
 * @throws VmnetxError `domain-malformed`, `domain-refused`
 */
export function parseSavedDomain(xml: Uint8Array): SavedDomain {
  const saved = parseTree(xml);
  const adapted = adaptDomain(saved, () => undefined);
  checkCpu(saved);
  checkType(saved, adapted);
  checkNothingLost(saved, adapted, 'devices');
  checkNothingLost(saved, adapted, 'features');
  const accelerator = saved.attributes.get('type') === 'qemu' ? 'tcg' : 'kvm';
  return { machine: readDomain(adapted).machine, accelerator };
}

function checkCpu(saved: XmlElement): void {
  const mode = childrenOf(saved, 'cpu')[0]?.attributes.get('mode') ?? 'custom';
  if (mode !== 'custom') {
    refuse('/domain/cpu', `the CPU is that of the computer on which it was saved (${mode})`);
  }
}

function checkType(saved: XmlElement, adapted: XmlElement): void {
  const [before, after] = [saved, adapted].map(machineType);
  if (before !== after) {
    refuse('/domain/os/type/@machine', `only one distribution has the machine “${before ?? ''}”`);
  }
}

function machineType(domain: XmlElement): string | undefined {
  const type = childrenOf(domain, 'os').flatMap((os) => childrenOf(os, 'type'))[0];
  return type?.attributes.get('machine');
}

/** What takes an element's place has its path. */
function checkNothingLost(saved: XmlElement, adapted: XmlElement, name: keyof typeof UNSEEN): void {
  const partsOf = (domain: XmlElement) =>
    childrenOf(domain, name).flatMap(({ children }) => children);
  const kept = new Set(partsOf(adapted).map(({ path }) => path));
  const lost = partsOf(saved).find(
    ({ path, localName }) => !kept.has(path) && !UNSEEN[name].includes(localName),
  );
  if (lost !== undefined)
    refuse(lost.path, 'no machine can have this here, and its state needs it');
}
