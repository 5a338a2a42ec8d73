import type { XmlElement } from '../../xml/index.js';
import { refuse } from '../read/refusal.js';
import { adaptController, numberControllers } from './adapt-controllers.js';
import { adaptDisk } from './adapt-disk.js';
import { adaptGraphics, adaptVideo } from './adapt-display.js';
import { adaptInterface } from './adapt-interface.js';
import { adaptConsoles, adaptPort } from './adapt-ports.js';
import { applyRules, childrenOf, inPlaceOf, without, type Rule, type Say } from './edit.js';

/** What is nothing but a way to something on this computer, or is no part of the strict form. */
const LEFT_OUT: ReadonlyMap<string, string> = new Map([
  ['audio', 'The sound of this computer'],
  ['channel', 'The channel to programs of this computer'],
  ['crypto', 'The device for cryptography'],
  ['emulator', 'The emulator'],
  ['lease', 'The lease on this computer’s storage'],
  ['panic', 'The device for reports of crashes'],
  ['pstore', 'The storage for reports of crashes'],
  ['redirdev', 'The redirection of this computer’s USB devices'],
  ['redirfilter', 'The filter for redirected USB devices'],
  ['smartcard', 'The reader of smart cards'],
  ['tpm', 'The TPM, whose secrets are on this computer,'],
  ['vsock', 'The socket to this computer'],
  ['watchdog', 'The watchdog'],
]);

/** What a machine was built around, and what would not be there elsewhere. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['filesystem', 'a folder of this computer cannot go with the machine'],
  ['hostdev', 'a device of this computer cannot go with the machine'],
  ['shmem', 'memory that is shared with this computer cannot go with the machine'],
]);

/** Types of inputs that are devices of this computer. */
const HOST_INPUTS = ['evdev', 'passthrough'];

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...[...LEFT_OUT].map(([name, what]) => [name, leaveOut(what)] as const),
  ...[...REFUSED].map(([name, reason]) => [name, refuseFor(reason)] as const),
  ['controller', adaptController],
  ['disk', adaptDisk],
  ['graphics', adaptGraphics],
  ['input', adaptInput],
  ['interface', adaptInterface],
  ['memballoon', adaptMemballoon],
  ['parallel', adaptPort],
  ['rng', adaptRng],
  ['serial', adaptPort],
  ['sound', adaptSound],
  ['video', adaptVideo],
]);

/** @throws VmnetxError `domain-refused` for what a machine cannot do without, nor take along */
export function adaptDevices(devices: XmlElement, say: Say): XmlElement {
  const plain = adaptConsoles(withoutAliases(devices, say), say);
  return numberControllers(applyRules(plain, RULES, say));
}

/** libvirt names all devices of a running machine, often without having been asked to. */
function withoutAliases(devices: XmlElement, say: Say): XmlElement {
  const named = devices.children.filter((device) => childrenOf(device, 'alias').length > 0);
  if (named.length === 0) return devices;
  say('The aliases of the devices are left out.');
  const ignore = () => undefined;
  return {
    ...devices,
    children: devices.children.map((device) => without(device, { children: ['alias'] }, ignore)),
  };
}

function leaveOut(what: string): Rule {
  return ({ path }, say) => {
    say(`${what} is left out: ${path}.`);
    return null;
  };
}

function refuseFor(reason: string): Rule {
  return ({ path }) => refuse(path, reason);
}

function adaptInput(input: XmlElement, say: Say): XmlElement | null {
  const type = input.attributes.get('type') ?? '';
  if (HOST_INPUTS.includes(type)) return leaveOut('The input device of this computer')(input, say);
  return without(input, { children: ['driver'] }, say);
}

function adaptMemballoon(balloon: XmlElement, say: Say): XmlElement {
  const names = {
    attributes: ['autodeflate', 'freePageReporting'],
    children: ['driver', 'stats'],
  };
  return without(balloon, names, say);
}

/** Random numbers come from the computer that runs the machine, in a way that all of them have. */
function adaptRng(rng: XmlElement, say: Say): XmlElement {
  const plain = without(rng, { children: ['driver', 'rate'] }, say);
  const children = plain.children.map((child) => {
    if (child.localName !== 'backend') return child;
    const model = child.attributes.get('model') ?? '';
    const source = child.text.trim();
    if (model === 'builtin' || (model === 'random' && source === '/dev/urandom')) return child;
    say(`The random numbers come from /dev/urandom instead of “${source || model}”: ${rng.path}.`);
    return inPlaceOf(child, 'backend', { model: 'random' }, '/dev/urandom');
  });
  return { ...plain, children };
}

function adaptSound(sound: XmlElement, say: Say): XmlElement {
  return without(sound, { children: ['audio', 'codec', 'driver'] }, say);
}
