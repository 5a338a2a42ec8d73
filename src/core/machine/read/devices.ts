import type { XmlElement } from '../../xml/index.js';
import { MAX_PATH_LENGTH, PARALLEL_PORT, SERIAL_PORT, type Bounds } from '../limits.js';
import type { Hub, Input, Interface, Machine, Memballoon, Rng, Sound } from '../machine.js';
import {
  GRAPHICS_TYPES,
  INPUT_BUSES,
  INPUT_TYPES,
  INTERFACE_MODELS,
  MEMBALLOON_MODELS,
  SOUND_MODELS,
} from '../vocabulary.js';
import { readPciAddress, readUsbAddress } from './addresses.js';
import { refuse } from './refusal.js';
import { openElement } from './strict-element.js';

/** The second digit is even: an odd one would make it a group address. */
const MAC = /^[0-9a-fA-F][02468aceACE](:[0-9a-fA-F]{2}){5}$/;

/** The programs that old packages name. None of them is started because of that. */
const EMULATOR = /^\/([\w.+-]+\/)*(qemu|kvm|qemu-kvm|qemu-system-i386|qemu-system-x86_64)$/;

/** The path is only looked at; what runs is the client's own choice. */
export function checkEmulator(element: XmlElement): void {
  const path = openElement(element, { text: true }).text;
  if (path.text.length > MAX_PATH_LENGTH) path.refuse('a shorter path is expected');
  path.matching(EMULATOR, 'the path of QEMU');
}

export function readInterface(element: XmlElement): Interface {
  const nic = openElement(element, { attributes: ['type'], once: ['mac', 'model', 'address'] });
  nic.required('type').oneOf(['user']);
  const mac = nic.child('mac');
  const model = nic.child('model');
  return {
    mac: mac === null ? null : readMac(mac),
    // What libvirt has always given a PC that names none.
    model:
      model === null
        ? 'rtl8139'
        : openElement(model, { attributes: ['type'] })
            .required('type')
            .oneOf(INTERFACE_MODELS),
    address: readPciAddress(nic.child('address')),
  };
}

function readMac(element: XmlElement): string {
  const address = openElement(element, { attributes: ['address'] }).required('address');
  return address.matching(MAC, 'the MAC address of a single interface').toLowerCase();
}

export function readInput(element: XmlElement): Input {
  const input = openElement(element, { attributes: ['type', 'bus'], once: ['address'] });
  const type = input.required('type').oneOf(INPUT_TYPES);
  const bus = input.attribute('bus')?.oneOf(INPUT_BUSES) ?? (type === 'tablet' ? 'usb' : 'ps2');
  if (bus === 'ps2' && type === 'tablet') refuse(input.path, 'there are no tablets for PS/2');
  const address = input.child('address');
  if (bus === 'virtio') return { type, bus, address: readPciAddress(address) };
  if (bus === 'ps2' && address !== null) refuse(address.path, 'PS/2 devices have no address');
  return { type, bus, address: readUsbAddress(address) };
}

export function readSound(element: XmlElement): Sound {
  const sound = openElement(element, { attributes: ['model'], once: ['address'] });
  const model = sound.required('model').oneOf(SOUND_MODELS);
  const address = sound.child('address');
  if (model === 'pcspk' && address !== null) refuse(address.path, 'a PC speaker has no address');
  return { model, address: readPciAddress(address) };
}

/** The type is all that is kept: where a display listens is the client's own choice. */
export function readGraphics(element: XmlElement): Machine['graphics'][number] {
  const graphics = openElement(element, { attributes: ['type', 'port', 'autoport'] });
  graphics.required('autoport').oneOf(['yes']);
  // How libvirt writes "not yet known" beside autoport.
  graphics.attribute('port')?.oneOf(['-1']);
  return graphics.required('type').oneOf(GRAPHICS_TYPES);
}

/** @returns number of the port */
export function readSerialPort(element: XmlElement, position: number): number {
  const port = openElement(element, { attributes: ['type'], once: ['target'] });
  port.required('type').oneOf(['null']);
  const targetElement = port.child('target');
  if (targetElement === null) return inBounds(port.path, position, SERIAL_PORT);
  const target = openElement(targetElement, { attributes: ['type', 'port'], once: ['model'] });
  target.attribute('type')?.oneOf(['isa-serial']);
  const model = target.child('model');
  if (model !== null) {
    openElement(model, { attributes: ['name'] })
      .required('name')
      .oneOf(['isa-serial']);
  }
  return (
    target.attribute('port')?.integer(SERIAL_PORT) ?? inBounds(port.path, position, SERIAL_PORT)
  );
}

/** @returns number of the port */
export function readParallelPort(element: XmlElement, position: number): number {
  const port = openElement(element, { attributes: ['type'], once: ['target'] });
  port.required('type').oneOf(['null']);
  const target = port.child('target');
  const number =
    target === null ? null : openElement(target, { attributes: ['port'] }).attribute('port');
  return number?.integer(PARALLEL_PORT) ?? inBounds(port.path, position, PARALLEL_PORT);
}

export function readHub(element: XmlElement): Hub {
  const hub = openElement(element, { attributes: ['type'], once: ['address'] });
  hub.required('type').oneOf(['usb']);
  return { address: readUsbAddress(hub.child('address')) };
}

export function readMemballoon(element: XmlElement): Memballoon | null {
  const balloon = openElement(element, { attributes: ['model'], once: ['address'] });
  const model = balloon.required('model').oneOf(MEMBALLOON_MODELS);
  const address = balloon.child('address');
  if (model === 'virtio') return { address: readPciAddress(address) };
  if (address !== null) refuse(address.path, 'what is not there has no address');
  return null;
}

/** Where the numbers come from is the client's own choice; a package may only name a harmless source. */
export function readRng(element: XmlElement): Rng {
  const rng = openElement(element, { attributes: ['model'], once: ['backend', 'address'] });
  rng.required('model').oneOf(['virtio']);
  const backend = openElement(rng.requiredChild('backend'), { attributes: ['model'], text: true });
  const isFile = backend.required('model').oneOf(['random', 'builtin']) === 'random';
  backend.text.oneOf([isFile ? '/dev/urandom' : '']);
  return { address: readPciAddress(rng.child('address')) };
}

function inBounds(path: string, position: number, bounds: Bounds): number {
  return position <= bounds.max
    ? position
    : refuse(path, `a PC has only ${bounds.max + 1} such ports`);
}
