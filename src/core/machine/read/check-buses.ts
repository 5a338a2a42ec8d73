import { PCI_ROOT_SLOT, PCI_SLOT, type Bounds } from '../limits.js';
import type { Controller, Machine, PciBridge } from '../machine.js';
import { checkBuiltIn, hasQ35, isBuiltIn } from './chipset.js';
import { DEVICES, devicePath, pciPlaces, type PciPlace } from './pci-places.js';
import { refuse } from './refusal.js';

/**
 * Checks that the buses are those of the machine's chipset, and that each PCI address is free and on
 * a bus that is there: libvirt would add bridges until it is.
 */
export function checkBuses(machine: Machine): void {
  checkBuiltIn(machine);
  const buses = busesOf(machine);
  if (machine.disk.place.bus === 'ide' && hasQ35(machine)) {
    refuse(`${DEVICES}/disk/target`, 'a Q35 machine has no IDE');
  }
  checkBridges(machine, buses);
  checkPlaces(machine, buses);
}

/** What makes each bus, by its number. The root is there also where it is not written down. */
function busesOf(machine: Machine): ReadonlyMap<number, PciModel> {
  const isQ35 = hasQ35(machine);
  const buses = new Map<number, PciModel>([[0, isQ35 ? 'pcie-root' : 'pci-root']]);
  for (const [index, controller] of machine.controllers.entries()) {
    const path = devicePath('controller', index, machine.controllers.length);
    if (controller.type === 'ide' && isQ35) refuse(path, 'a Q35 machine has no IDE');
    if (controller.type !== 'pci') continue;
    const { model } = controller;
    const isExpress = model !== 'pci-root' && model !== 'pci-bridge';
    if (model === 'pci-root' ? isQ35 : isExpress && !isQ35) {
      refuse(path, `a machine of the type ${machine.type} has no ${model}`);
    }
    buses.set(controller.index, model);
  }
  return buses;
}

function checkBridges(machine: Machine, buses: ReadonlyMap<number, PciModel>): void {
  const chassis = new Set<number>();
  const highest = Math.max(...buses.keys());
  for (const [index, controller] of machine.controllers.entries()) {
    if (controller.type !== 'pci' || !('address' in controller)) continue;
    const path = devicePath('controller', index, machine.controllers.length);
    const { address, model } = controller;
    if (address === null) {
      if (hasQ35(machine) && model.endsWith('pci-bridge') && model !== 'dmi-to-pci-bridge') {
        refuse(path, 'in a Q35 machine it needs an address');
      }
    } else {
      if (address.bus >= controller.index) {
        refuse(`${path}/address`, 'a bridge must be on a bus of a lower number than its own');
      }
      const parent = buses.get(address.bus);
      if (parent !== undefined && !PARENTS[model].includes(parent)) {
        refuse(`${path}/address`, `a ${model} cannot be behind a ${parent}`);
      }
    }
    if (model !== 'pcie-root-port') continue;
    // Which libvirt gives it where none is said.
    const own = controller.chassis ?? controller.index;
    if (chassis.has(own)) refuse(path, `there is a port with the chassis ${own} already`);
    // libvirt numbers the ports that it adds from there on.
    if (own > highest) refuse(path, `there is no PCI bus with the number of its chassis, ${own}`);
    chassis.add(own);
  }
}

function checkPlaces(machine: Machine, buses: ReadonlyMap<number, PciModel>): void {
  const places = pciPlaces(machine);
  const taken = new Set<string>();
  for (const { path, address } of places) {
    const bus = buses.get(address.bus);
    if (bus === undefined) refuse(path, `there is no PCI bus ${address.bus}`);
    const bounds = SLOTS[bus];
    if (address.slot < bounds.min || address.slot > bounds.max) {
      refuse(path, `there is no slot ${address.slot} on the PCI bus ${address.bus}`);
    }
    const place = `${address.bus}:${address.slot}.${address.function}`;
    if (isBuiltIn(machine, address)) refuse(path, `the chipset has the PCI address ${place}`);
    if (taken.has(place)) refuse(path, `two devices have the PCI address ${place}`);
    taken.add(place);
    if (address.multifunction === false && address.function === 0)
      checkAlone(address, path, places);
  }
}

/** Beside a first function that says that it is the only one there can be no other. */
function checkAlone(first: PciPlace['address'], path: string, places: readonly PciPlace[]): void {
  const others = places.filter(({ address }) => {
    return address.bus === first.bus && address.slot === first.slot && address.function > 0;
  });
  if (others.length > 0) refuse(path, 'without multifunction="on" it must be alone in its slot');
}

type PciModel = Extract<Controller, { type: 'pci' }>['model'];

/** A port has one slot; in the first of a bridge with hot-plugging sits its controller. */
const SLOTS: Readonly<Record<PciModel, Bounds>> = {
  'pci-root': PCI_ROOT_SLOT,
  'pcie-root': PCI_ROOT_SLOT,
  'pcie-root-port': { min: 0, max: 0 },
  'dmi-to-pci-bridge': PCI_SLOT,
  'pcie-to-pci-bridge': { ...PCI_SLOT, min: 1 },
  'pci-bridge': { ...PCI_SLOT, min: 1 },
};

/** What a bridge can be behind. */
const PARENTS: Readonly<Record<PciBridge['model'], readonly PciModel[]>> = {
  'pcie-root-port': ['pcie-root'],
  'dmi-to-pci-bridge': ['pcie-root'],
  'pcie-to-pci-bridge': ['pcie-root-port'],
  'pci-bridge': [
    'pci-root',
    'pcie-root',
    'pcie-root-port',
    'dmi-to-pci-bridge',
    'pcie-to-pci-bridge',
    'pci-bridge',
  ],
};
