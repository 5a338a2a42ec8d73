import { PCI_ROOT_SLOT, PCI_SLOT, type Bounds } from '../limits.js';
import type { Machine, PciBridge } from '../machine.js';
import { DEVICES, devicePath, pciPlaces } from './pci-places.js';
import { refuse } from './refusal.js';

/**
 * Checks that the buses are those of the machine's chipset, and that each PCI address is free and on
 * a bus that is there: libvirt would add bridges until it is.
 */
export function checkBuses(machine: Machine): void {
  const isQ35 = hasQ35(machine);
  const slots = new Map<number, Bounds>();
  for (const [index, controller] of machine.controllers.entries()) {
    const path = devicePath('controller', index, machine.controllers.length);
    if (controller.type === 'ide' && isQ35) refuse(path, 'a Q35 machine has no IDE');
    if (controller.type !== 'pci') continue;
    const { model } = controller;
    const isExpress = model !== 'pci-root' && model !== 'pci-bridge';
    if (model === 'pci-root' ? isQ35 : isExpress && !isQ35) {
      refuse(path, `a machine of the type ${machine.type} has no ${model}`);
    }
    if (slots.has(controller.index)) refuse(path, `there is a PCI bus ${controller.index} already`);
    if (!('address' in controller)) {
      slots.set(0, PCI_ROOT_SLOT);
      continue;
    }
    if ((controller.address?.bus ?? 0) >= controller.index) {
      refuse(`${path}/address`, 'a bridge must be on a bus of a lower number than its own');
    }
    slots.set(controller.index, SLOTS[controller.model]);
  }
  if (machine.disk.place.bus === 'ide' && isQ35) {
    refuse(`${DEVICES}/disk/target`, 'a Q35 machine has no IDE');
  }
  const taken = new Set<string>();
  for (const { path, address } of pciPlaces(machine)) {
    // The root is there also where it is not written down.
    const bounds = address.bus === 0 ? PCI_ROOT_SLOT : slots.get(address.bus);
    if (bounds === undefined) refuse(path, `there is no PCI bus ${address.bus}`);
    if (address.slot < bounds.min || address.slot > bounds.max) {
      refuse(path, `there is no slot ${address.slot} on the PCI bus ${address.bus}`);
    }
    const place = `${address.bus}:${address.slot}.${address.function}`;
    if (taken.has(place)) refuse(path, `two devices have the PCI address ${place}`);
    taken.add(place);
  }
}

/** A port has one slot; in the first of a bridge with hot-plugging sits its controller. */
const SLOTS: Readonly<Record<PciBridge['model'], Bounds>> = {
  'pcie-root-port': { min: 0, max: 0 },
  'dmi-to-pci-bridge': PCI_SLOT,
  'pcie-to-pci-bridge': { ...PCI_SLOT, min: 1 },
  'pci-bridge': { ...PCI_SLOT, min: 1 },
};

function hasQ35({ type }: Machine): boolean {
  return type === 'q35' || type.startsWith('pc-q35-');
}
