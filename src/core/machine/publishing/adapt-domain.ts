import type { XmlElement } from '../../xml/index.js';
import { refuse } from '../read/refusal.js';
import { METADATA_NAMESPACE } from '../vocabulary.js';
import { adaptCpu } from './adapt-cpu.js';
import { adaptDevices } from './adapt-devices.js';
import { adaptOs } from './adapt-os.js';
import { applyRules, inPlaceOf, without, type Rule, type Say } from './edit.js';

/** What a PC keeps of its features; the others are libvirt's and QEMU's own inventions. */
const KEPT_FEATURES = ['pae', 'apic', 'acpi', 'hap'];

/**
 * How this computer runs the machine, and what other programs know about it. A guest that was shut
 * down does not depend on it.
 */
const HOST_BOUND = [
  'title',
  'genid',
  'maxMemory',
  'memoryBacking',
  'memtune',
  'numatune',
  'cputune',
  'blkiotune',
  'iothreads',
  'iothreadids',
  'defaultiothread',
  'vcpus',
  'resource',
  'seclabel',
  'sysinfo',
  'pm',
  'perf',
  'on_lockfailure',
];

/** Actions that keep something on this computer, and what is left of them. */
const LIFECYCLE_ACTIONS: ReadonlyMap<string, string> = new Map([
  ['preserve', 'destroy'],
  ['rename-restart', 'restart'],
  ['coredump-destroy', 'destroy'],
  ['coredump-restart', 'restart'],
]);

const RULES: ReadonlyMap<string, Rule> = new Map([
  ['metadata', adaptMetadata],
  ['memory', (memory, say) => without(memory, { attributes: ['dumpCore'] }, say)],
  ['vcpu', adaptVcpu],
  ['os', adaptOs],
  ['features', adaptFeatures],
  ['cpu', adaptCpu],
  ['clock', adaptClock],
  ['on_poweroff', adaptAction],
  ['on_reboot', adaptAction],
  ['on_crash', adaptAction],
  ['devices', adaptDevices],
]);

/**
 * Turns what virt-manager and libvirt write about a machine into what the strict reader takes,
 * where nothing of this computer is in it: what leads to something here leads nowhere instead, or
 * is left out. What it does not know it leaves for the strict reader to refuse.
 *
 * @throws VmnetxError `domain-refused` for what a machine cannot do without, nor take along
 */
export function adaptDomain(root: XmlElement, say: Say): XmlElement {
  const options = root.children.find(({ namespace }) => namespace !== null);
  if (options !== undefined) refuse(options.path, 'options of QEMU itself are not accepted');
  if (root.attributes.has('id')) {
    say('The machine was running when this was written: shut it down before it is packed.');
  }
  const attributes = new Map([...root.attributes].filter(([name]) => name !== 'id'));
  if (attributes.get('type') === 'qemu') {
    say('The type “qemu” becomes “kvm”: whoever opens the machine runs it as their computer can.');
    attributes.set('type', 'kvm');
  }
  const plain = without({ ...root, attributes }, { children: HOST_BOUND }, say);
  return applyRules(plain, RULES, say);
}

function adaptMetadata(metadata: XmlElement, say: Say): XmlElement | null {
  const own = metadata.children.filter(({ namespace }) => namespace === METADATA_NAMESPACE);
  const foreign = metadata.children.filter((child) => !own.includes(child));
  if (foreign.length > 0) {
    const names = foreign.map(({ localName }) => localName).join(', ');
    say(`Left out of ${metadata.path}, as notes of other programs: ${names}.`);
  }
  return own.length === 0 ? null : { ...metadata, children: own };
}

function adaptVcpu(vcpu: XmlElement, say: Say): XmlElement {
  const isAutomatic = vcpu.attributes.get('placement') === 'auto';
  const placement = isAutomatic ? ['placement'] : [];
  return without(vcpu, { attributes: ['cpuset', 'current', ...placement] }, say);
}

function adaptFeatures(features: XmlElement, say: Say): XmlElement {
  const names = features.children.map(({ localName }) => localName);
  const others = names.filter((name) => !KEPT_FEATURES.includes(name));
  const plain: Rule = (feature) => without(feature, { attributes: ['eoi', 'state'] }, say);
  const rules = new Map(KEPT_FEATURES.map((name) => [name, plain]));
  return applyRules(without(features, { children: others }, say), rules, say);
}

/** Whoever opens the machine has other time sources: only the offset is kept, to be told of. */
function adaptClock(clock: XmlElement, say: Say): XmlElement {
  const timers = clock.children.filter((child) => !isKeptTimer(child));
  if (timers.length > 0) {
    const names = timers.map(({ attributes }) => attributes.get('name') ?? '?').join(', ');
    say(`The clock’s timers are left out: ${names}.`);
  }
  const offset = clock.attributes.get('offset');
  const plain = { ...clock, children: clock.children.filter((child) => !timers.includes(child)) };
  if (offset === 'absolute') {
    say('The clock no longer begins at a fixed time.');
    return inPlaceOf(clock, 'clock', { offset: 'localtime' });
  }
  return offset === 'variable' ? plain : without(plain, { attributes: ['adjustment'] }, say);
}

function isKeptTimer({ localName, attributes, children }: XmlElement): boolean {
  const isPlain = attributes.size === 2 && children.length === 0;
  const isRtc = attributes.get('name') === 'rtc' && attributes.get('track') === 'guest';
  return localName === 'timer' && isPlain && isRtc;
}

function adaptAction(action: XmlElement, say: Say): XmlElement {
  const now = action.text.trim();
  const then = LIFECYCLE_ACTIONS.get(now);
  if (then === undefined) return action;
  say(`The action “${now}” of ${action.path} becomes “${then}”.`);
  return { ...action, text: then };
}
