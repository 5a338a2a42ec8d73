import { cleanText } from '../text/index.js';
import { element, writeXml, type NewElement } from '../xml/index.js';
import type { Cpu, Machine } from './machine.js';
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
import { qemuElements, restrictedAlias } from './write/qemu-arguments.js';
import { systemElements } from './write/system.js';

/** What a machine gets from the computer that it runs on. Paths are absolute. */
export interface Placement {
  /** Eight hexadecimal digits; the domain is called `vmnetx-ID`. */
  readonly id: string;
  /** The machine's name for people; may come from anywhere. */
  readonly title: string;
  /** Fresh for every start. */
  readonly uuid: string;
  readonly accelerator: 'kvm' | 'tcg';
  /** Program that runs the machine; null: libvirt's choice for the machine's architecture. */
  readonly emulator: string | null;
  /** The disk's image, of the format that the machine says. */
  readonly diskPath: string;
  /** Unix socket, in a private folder, on which the display is offered by VNC. */
  readonly displaySocket: string;
  /** Unix socket for the guest's first serial port, which it then has in any case; for tests. */
  readonly consoleSocket: string | null;
  /** `restricted`: the guest can reach neither this computer nor others, only answers to DHCP. */
  readonly network: 'full' | 'restricted';
}

const MAX_TITLE_LENGTH = 200;

/**
 * What QEMU does with the disk: the page cache of the mount is used; nothing is punched out of the
 * image; at an error the machine is paused and the request kept, so that it can go on when the
 * data is there (a guest that sees the error gives up its file system).
 */
const DISK_POLICIES = {
  cache: 'writeback',
  io: 'threads',
  discard: 'ignore',
  detect_zeroes: 'off',
  error_policy: 'stop',
  rerror_policy: 'stop',
} as const;

const AUDIO_ID = 1;

/**
 * Writes the domain XML that is executed. Nothing in it comes from a package but the typed values
 * of the machine; the same machine and placement give the same text.
 */
export function generateDomain(machine: Machine, placement: Placement): string {
  const qemu = qemuElements(machine, placement.network, `audio${AUDIO_ID}`);
  const title = cleanText(placement.title, MAX_TITLE_LENGTH).trim();
  return writeXml(
    element(
      'domain',
      {
        type: placement.accelerator === 'kvm' ? 'kvm' : 'qemu',
        'xmlns:qemu': qemu.length === 0 ? undefined : 'http://libvirt.org/schemas/domain/qemu/1.0',
      },
      [
        element('name', {}, `vmnetx-${placement.id}`),
        element('uuid', {}, placement.uuid),
        // libvirt's schema refuses an empty one.
        title === '' ? undefined : element('title', {}, title),
        ...systemElements(machine, executedType(machine.type)),
        executedCpu(machine.cpu, placement.accelerator),
        element('devices', {}, executedDevices(machine, placement)),
        ...qemu,
      ],
    ),
  );
}

/** The names of PCs until QEMU 1.3. */
const OLD_TYPE = /^pc-[0-9]/;

/** QEMU 7.2 has none older than pc-i440fx-1.4; memory saved with one is useless, the disk is not. */
function executedType(type: string): string {
  return OLD_TYPE.test(type) ? 'pc' : type;
}

/**
 * The check is off: a CPU that this host lacks is a reason against saved memory, which its reader
 * compares, but not against the machine, which gets of the model what there is. Software emulation
 * has no model completely, and there `minimum` would make libvirt put another one in its place.
 */
function executedCpu(cpu: Cpu | null, accelerator: 'kvm' | 'tcg'): NewElement | undefined {
  if (cpu === null) return undefined;
  const isReplaced = accelerator === 'tcg' && cpu.model?.match === 'minimum';
  const executed = isReplaced ? { ...cpu, model: { ...cpu.model, match: 'exact' as const } } : cpu;
  return cpuElement(executed, 'none');
}

function executedDevices(
  machine: Machine,
  placement: Placement,
): readonly (NewElement | undefined)[] {
  const { emulator, diskPath, network } = placement;
  return [
    emulator === null ? undefined : element('emulator', {}, emulator),
    // An empty backing store keeps libvirt and QEMU from following one that the image names.
    diskElement(machine.disk, diskPath, DISK_POLICIES, element('backingStore')),
    ...machine.controllers.map(controllerElement),
    ...machine.interfaces.map((nic, index) =>
      interfaceElement(nic, network === 'restricted' ? restrictedAlias(index) : null),
    ),
    ...machine.inputs.map(inputElement),
    // Every PC has the speaker; libvirt 9.0 would pass an option that QEMU 7.2 lacks.
    ...machine.sounds.filter(({ model }) => model !== 'pcspk').map(soundElement),
    element('audio', { id: AUDIO_ID, type: 'none' }),
    element('graphics', { type: 'vnc' }, [
      element('listen', { type: 'socket', socket: placement.displaySocket }),
      // Without it VNC would not carry the guest's sound.
      element('audio', { id: AUDIO_ID }),
    ]),
    machine.video === null ? undefined : videoElement(machine.video),
    ...serialElements(machine.serialPorts, placement.consoleSocket),
    ...machine.parallelPorts.map((port) => nullPortElement('parallel', port)),
    ...machine.hubs.map(hubElement),
    memballoonElement(machine.memballoon),
    machine.rng === null ? undefined : rngElement(machine.rng),
  ];
}

function serialElements(
  ports: readonly number[],
  consoleSocket: string | null,
): readonly NewElement[] {
  if (consoleSocket === null) return ports.map((port) => nullPortElement('serial', port));
  return [
    element('serial', { type: 'unix' }, [
      element('source', { mode: 'bind', path: consoleSocket }),
      element('target', { port: 0 }),
    ]),
    ...ports.filter((port) => port !== 0).map((port) => nullPortElement('serial', port)),
  ];
}
