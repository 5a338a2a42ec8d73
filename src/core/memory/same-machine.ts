import type { Controller, Machine } from '../machine/index.js';

/** What a guest was built around; the rest, libvirt may have added when it was started. */
interface Part {
  readonly what: string;
  readonly of: (machine: Machine) => unknown;
}

const PARTS: readonly Part[] = [
  { what: 'architecture', of: ({ architecture }) => architecture },
  { what: 'memory size', of: ({ memoryBytes }) => memoryBytes },
  { what: 'number of processors', of: ({ vcpus }) => vcpus },
  { what: 'processor', of: ({ cpu }) => cpu?.model?.name ?? null },
  { what: 'disk', of: ({ disk: { place, readonly, serial } }) => ({ place, readonly, serial }) },
  { what: 'network', of: ({ interfaces }) => interfaces },
  { what: 'input', of: ({ inputs }) => inputs.filter(({ bus }) => bus !== 'ps2') },
  { what: 'sound', of: ({ sounds }) => sounds },
  { what: 'video', of: ({ video }) => video },
  { what: 'serial port', of: ({ serialPorts }) => serialPorts },
  { what: 'parallel port', of: ({ parallelPorts }) => parallelPorts },
  { what: 'USB hub', of: ({ hubs }) => hubs },
  { what: 'memory balloon', of: ({ memballoon }) => memballoon },
  { what: 'source of random numbers', of: ({ rng }) => rng },
];

/**
 * What makes the machine whose memory was saved another than the package's; null where they are the
 * same. A package may leave to libvirt what it likes, and libvirt writes out what it chose: where one
 * of the two says nothing, they agree.
 */
export function differenceOf(packaged: Machine, saved: Machine): string | null {
  if (!isOfType(packaged.type, saved.type)) return 'kind';
  const part = PARTS.find(({ of }) => !agree(of(packaged), of(saved)));
  if (part !== undefined) return part.what;
  const isThere = (controller: Controller): boolean => {
    const { type, index } = controller;
    const others = saved.controllers.filter((one) => one.type === type && one.index === index);
    return others.length === 0
      ? isImplied(controller)
      : others.some((one) => agree(controller, one));
  };
  return packaged.controllers.every(isThere) ? null : 'controller';
}

/** What libvirt leaves out when it saves a machine, because old versions added it without a word. */
function isImplied(controller: Controller): boolean {
  if (controller.type === 'pci') return controller.model === 'pci-root';
  if (controller.type !== 'usb' || controller.index !== 0) return false;
  return controller.model === null || controller.model === 'piix3-uhci';
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
