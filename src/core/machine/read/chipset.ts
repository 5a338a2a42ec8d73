import type { Controller, Machine, PciAddress } from '../machine.js';
import { devicePath } from './pci-places.js';
import { refuse } from './refusal.js';

/** A slot of PCI bus 0 where a chipset has devices of its own. */
interface BuiltInSlot {
  readonly slot: number;
  readonly functions: readonly number[];
  /** The function of a controller that is one of them; null for one that is not. */
  readonly functionOf: (controller: Controller) => number | null;
}

/** The PIIX3: bridge to ISA, IDE, USB 1, power management. */
const PIIX3: BuiltInSlot = {
  slot: 0x01,
  functions: [0, 1, 2, 3],
  functionOf: (controller) => {
    if (controller.type === 'ide') return 1;
    if (controller.type !== 'usb' || controller.index !== 0) return null;
    return controller.model === null || controller.model === 'piix3-uhci' ? 2 : null;
  },
};

/** The ICH9: bridge to ISA, SATA, SMBus. */
const ICH9: BuiltInSlot = {
  slot: 0x1f,
  functions: [0, 2, 3],
  functionOf: ({ type, index }) => (type === 'sata' && index === 0 ? 2 : null),
};

export function hasQ35({ type }: Pick<Machine, 'type'>): boolean {
  return type === 'q35' || type.startsWith('pc-q35-');
}

/** Checks that the chipset's own controllers are where it has them. */
export function checkBuiltIn(machine: Machine): void {
  const chipset = hasQ35(machine) ? ICH9 : PIIX3;
  for (const [position, controller] of machine.controllers.entries()) {
    const address = 'address' in controller ? controller.address : null;
    if (address === null) continue;
    const path = devicePath('controller', position, machine.controllers.length);
    if (chipset !== PIIX3 && isPlace(PIIX3, PIIX3.functionOf(controller), address)) {
      // libvirt would take it for a device of that chipset.
      refuse(
        `${path}/address`,
        'this is where the PIIX3 has such a controller, and a Q35 has none',
      );
    }
    const own = chipset.functionOf(controller);
    if (own === null || isPlace(chipset, own, address)) continue;
    refuse(`${path}/address`, `in this machine it is at the PCI address 0:${chipset.slot}.${own}`);
  }
}

function isPlace({ slot }: BuiltInSlot, own: number | null, address: PciAddress): boolean {
  return address.bus === 0 && address.slot === slot && address.function === own;
}

/** Whether a PCI address is that of a device of the chipset, which is none of the controllers. */
export function isBuiltIn(machine: Machine, { bus, slot, function: number }: PciAddress): boolean {
  const chipset = hasQ35(machine) ? ICH9 : PIIX3;
  if (bus !== 0 || slot !== chipset.slot || !chipset.functions.includes(number)) return false;
  return !machine.controllers.some((controller) => {
    if (chipset.functionOf(controller) !== number || !('address' in controller)) return false;
    return controller.address !== null;
  });
}
