import { cleanText } from '../text/index.js';
import { element, writeXml, type NewElement } from '../xml/index.js';
import { executedCpu, executedType } from './executed.js';
import type { Machine } from './machine.js';
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
  /** Environment variables of that program, besides libvirt's. */
  readonly variables: Readonly<Record<string, string>>;
  /**
   * The guest comes back from saved memory, which fits only the devices that it was saved with: QEMU
   * waits for its state until it is told by which way it comes (`migrate-incoming`). Else it starts as
   * a machine of its own: with another MAC, and told that it is a copy.
   */
  readonly resumes: boolean;
  /** SELinux puts its label for virtual machines on QEMU; if not, QEMU runs as what its user runs. */
  readonly labelled: boolean;
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
  const qemu = qemuElements(machine, placement, `audio${AUDIO_ID}`);
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
        // Of libvirt's choice.
        knowsGenerations(machine) && !placement.resumes ? element('genid') : undefined,
        // libvirt's schema refuses an empty one.
        title === '' ? undefined : element('title', {}, title),
        ...systemElements(machine, executedType(machine.type)),
        executedCpu(machine.cpu, placement.accelerator),
        element('devices', {}, executedDevices(machine, placement)),
        placement.labelled ? undefined : element('seclabel', { type: 'none', model: 'selinux' }),
        ...qemu,
      ],
    ),
  );
}

/**
 * Whether the machine can have the device that tells a guest that it is a copy (vmgenid): guests find
 * it by ACPI, and QEMU makes it only for machines of its version 2.5 and newer.
 */
function knowsGenerations({ type, features }: Machine): boolean {
  const [, major, minor] = /-(\d+)\.(\d+)$/.exec(executedType(type)) ?? [];
  const isOld = major !== undefined && Number(major) * 100 + Number(minor) < 205;
  return features.includes('acpi') && !isOld;
}

function executedDevices(
  machine: Machine,
  placement: Placement,
): readonly (NewElement | undefined)[] {
  const { emulator, diskPath, network, resumes } = placement;
  return [
    emulator === null ? undefined : element('emulator', {}, emulator),
    // An empty backing store keeps libvirt and QEMU from following one that the image names.
    diskElement(machine.disk, diskPath, DISK_POLICIES, element('backingStore')),
    ...machine.controllers.map(controllerElement),
    ...machine.interfaces.map((nic, index) =>
      interfaceElement(
        resumes ? nic : { ...nic, mac: null },
        network === 'restricted' ? restrictedAlias(index) : null,
      ),
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
