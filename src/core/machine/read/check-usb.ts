import { USB_HUB_PORTS } from '../limits.js';
import type { Machine, UsbAddress } from '../machine.js';
import { devicePath } from './pci-places.js';
import { refuse } from './refusal.js';
import { usbBuses, type UsbBus } from './usb-buses.js';

interface UsbPlace {
  readonly path: string;
  readonly isHub: boolean;
  /** Null: the hypervisor's choice. */
  readonly address: UsbAddress | null;
}

/** Checks that each USB port is there, free and, for a hub, of USB 1. */
export function checkUsb(machine: Machine): void {
  const buses = usbBuses(machine);
  const hubs = new Set<string>();
  const taken = new Set<string>();
  const unplaced: string[] = [];
  for (const { path, isHub, address } of usbPlaces(machine)) {
    if (address === null) {
      if (isHub) checkAnyPort(path, buses);
      unplaced.push(path);
      continue;
    }
    const bus = buses.get(address.bus);
    if (bus === undefined) refuse(`${path}/address`, `there is no USB bus ${address.bus}`);
    checkPort(`${path}/address`, address, bus, hubs);
    if (
      isHub &&
      address.port.length === 1 &&
      !address.port.every((port) => bus.hubPorts.has(port))
    ) {
      refuse(`${path}/address`, 'a hub needs a port of USB 1');
    }
    const name = nameOf(address);
    if (taken.has(name)) refuse(`${path}/address`, `two devices have the USB ${name}`);
    taken.add(name);
    if (isHub) hubs.add(name);
  }
  const ports = [...buses.values()].reduce((sum, bus) => sum + bus.ports, 0);
  const [first] = unplaced;
  // libvirt adds hubs where ports are scarce, if there is one for a hub.
  if (first !== undefined && taken.size >= ports + hubs.size * USB_HUB_PORTS) {
    refuse(first, 'all USB ports are taken');
  }
}

/** A hub that libvirt places must find the right port at once. */
function checkAnyPort(path: string, buses: ReadonlyMap<number, UsbBus>): void {
  const isSure = [...buses.values()].every(({ ports, hubPorts }) => hubPorts.size === ports);
  if (!isSure) refuse(path, 'it needs the address of a port of USB 1');
}

function checkPort(
  path: string,
  { bus, port }: UsbAddress,
  { ports }: UsbBus,
  hubs: ReadonlySet<string>,
): void {
  for (const [depth, number] of port.entries()) {
    const outer = nameOf({ bus, port: port.slice(0, depth) });
    if (depth > 0 && !hubs.has(outer)) refuse(path, `there is no hub on ${outer}`);
    const last = depth === 0 ? ports : USB_HUB_PORTS;
    if (number > last) refuse(path, `there are only ${last} ports, not a port ${number}`);
  }
}

/** Hubs first: whatever is behind one may stand before it, but for another hub. */
function usbPlaces({ hubs, inputs, disk }: Machine): readonly UsbPlace[] {
  const places = (kind: string, devices: readonly ({ address: UsbAddress | null } | null)[]) =>
    devices.flatMap((device, index) => {
      const path = devicePath(kind, index, devices.length);
      return device === null ? [] : [{ path, isHub: kind === 'hub', address: device.address }];
    });
  return [
    ...places('hub', hubs),
    ...places(
      'input',
      inputs.map((input) => (input.bus === 'usb' ? input : null)),
    ),
    ...places('disk', [disk.place.bus === 'usb' ? disk.place : null]),
  ];
}

function nameOf({ bus, port }: UsbAddress): string {
  return `port ${port.join('.')} of bus ${bus}`;
}
