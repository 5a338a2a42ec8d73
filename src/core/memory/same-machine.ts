import { ownWords } from '../errors/index.js';
import type { Controller, Machine } from '../machine/index.js';

/** What a guest was built around; the rest, libvirt may have added when it was started. */
interface Part {
  readonly what: string;
  readonly of: (machine: Machine) => unknown;
}

const PARTS: readonly Part[] = [
  { what: ownWords('architecture'), of: ({ architecture }) => architecture },
  { what: ownWords('memory size'), of: ({ memoryBytes }) => memoryBytes },
  { what: ownWords('number of processors'), of: ({ vcpus }) => vcpus },
  { what: ownWords('processor'), of: ({ cpu }) => cpu?.model?.name ?? null },
  {
    what: ownWords('disk'),
    of: ({ disk: { place, readonly, serial } }) => ({ place, readonly, serial }),
  },
  { what: ownWords('network'), of: ({ interfaces }) => interfaces },
  { what: ownWords('input'), of: ({ inputs }) => inputs.filter(({ bus }) => bus !== 'ps2') },
  { what: ownWords('sound'), of: ({ sounds }) => sounds },
  { what: ownWords('video'), of: ({ video }) => video },
  { what: ownWords('serial port'), of: ({ serialPorts }) => serialPorts },
  { what: ownWords('parallel port'), of: ({ parallelPorts }) => parallelPorts },
  { what: ownWords('USB hub'), of: ({ hubs }) => hubs },
  { what: ownWords('memory balloon'), of: ({ memballoon }) => memballoon },
  { what: ownWords('source of random numbers'), of: ({ rng }) => rng },
];

/**
 * What makes the machine whose memory was saved another than the package's; null where they are the
 * same. A package may leave to libvirt what it likes, and libvirt writes out what it chose: where one
 * of the two says nothing, they agree.
 */
export function differenceOf(packaged: Machine, saved: Machine): string | null {
  if (!isOfType(packaged.type, saved.type)) return ownWords('kind');
  const part = PARTS.find(({ of }) => !agree(of(packaged), of(saved)));
  if (part !== undefined) return part.what;
  const isThere = (controller: Controller) =>
    isUnwritten(controller, saved) || saved.controllers.some((other) => agree(controller, other));
  return packaged.controllers.every(isThere) ? null : ownWords('controller');
}

/**
 * The controllers that libvirt gives every machine of the i440FX family, and leaves out when it
 * describes saved memory, for its own versions that did not know them.
 */
function isUnwritten(controller: Controller, { controllers }: Machine): boolean {
  const { type, index } = controller;
  if (index !== 0 || controllers.some((other) => other.type === type)) return false;
  if (type === 'pci') return controller.model === 'pci-root';
  return type === 'usb' && (controller.model === 'piix3-uhci' || controller.model === null);
}

/** `pc` and `q35` are names for the newest of each family. */
function isOfType(packaged: string, saved: string): boolean {
  const isQ35 = (type: string): boolean => type.includes('q35');
  return (
    packaged === saved || (['pc', 'q35'].includes(packaged) && isQ35(packaged) === isQ35(saved))
  );
}

/** Whether two values contradict each other nowhere. */
function agree(one: unknown, other: unknown): boolean {
  if (one === null || other === null || one === other) return true;
  if (Array.isArray(one) && Array.isArray(other) && one.length !== other.length) return false;
  if (typeof one !== 'object' || typeof other !== 'object') return false;
  const values = new Map<string, unknown>(Object.entries(other));
  return Object.entries(one).every(([name, value]) => agree(value, values.get(name) ?? null));
}
