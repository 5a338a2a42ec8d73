import { USB_PORTS } from '../limits.js';
import type { Controller, Machine } from '../machine.js';
import { hasQ35 } from './chipset.js';
import { devicePath } from './pci-places.js';
import { refuse } from './refusal.js';

type UsbController = Extract<Controller, { type: 'usb' }>;

export interface UsbBus {
  /** Numbered from 1. */
  readonly ports: number;
  /** Those where a hub can be: it is of USB 1, which EHCI controllers leave to their companions. */
  readonly hubPorts: ReadonlySet<number>;
}

/**
 * The USB buses of a machine, by their numbers.
 *
 * @throws VmnetxError `domain-refused` for companions without their master
 */
export function usbBuses(machine: Machine): ReadonlyMap<number, UsbBus> {
  const served = servedPorts(machine.controllers);
  const buses = new Map<number, UsbBus>();
  for (const controller of machine.controllers) {
    if (controller.type !== 'usb' || isCompanion(controller)) continue;
    const { index, model } = controller;
    const ports = controller.ports ?? USB_PORTS[model ?? 'piix3-uhci'];
    const ofHubs = model === 'ehci' || model === 'ich9-ehci1' ? served.get(index) : all(ports);
    buses.set(index, { ports, hubPorts: ofHubs ?? new Set() });
  }
  if (buses.size > 0) return buses;
  // What libvirt adds where there is no controller.
  const ports = USB_PORTS[hasQ35(machine) ? 'ich9-ehci1' : 'piix3-uhci'];
  return new Map([[0, { ports, hubPorts: all(ports) }]]);
}

/** The ports that each ICH9 has from its companions, two from each. */
function servedPorts(controllers: Machine['controllers']): ReadonlyMap<number, Set<number>> {
  const served = new Map<number, Set<number>>();
  for (const controller of controllers) {
    if (controller.type === 'usb' && controller.model === 'ich9-ehci1') {
      served.set(controller.index, new Set());
    }
  }
  for (const [position, controller] of controllers.entries()) {
    if (controller.type !== 'usb') continue;
    const { index, model, masterStartPort: first } = controller;
    const path = devicePath('controller', position, controllers.length);
    if (model === null || !isCompanion(controller)) {
      if (first !== null) refuse(`${path}/master`, 'only the UHCI controllers of an ICH9 have one');
      continue;
    }
    const ports = served.get(index);
    if (ports === undefined) refuse(path, `there is no ich9-ehci1 ${index} with it`);
    if (first === null) continue;
    // QEMU counts from 0 here.
    for (let port = first + 1; port <= first + USB_PORTS[model]; port++) {
      if (ports.has(port)) refuse(`${path}/master`, 'another controller serves the same port');
      ports.add(port);
    }
  }
  return served;
}

function isCompanion({ model }: UsbController): boolean {
  return model?.startsWith('ich9-uhci') === true;
}

function all(ports: number): ReadonlySet<number> {
  return new Set(Array.from({ length: ports }, (_, index) => index + 1));
}
