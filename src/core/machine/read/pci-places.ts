import type { Controller, Machine, PciAddress } from '../machine.js';

export const DEVICES = '/domain/devices';

/** A PCI address, and the path of the element that gives it. */
export interface PciPlace {
  readonly path: string;
  readonly address: PciAddress;
}

type Addressed = { readonly address: PciAddress | null } | null;

/** Every PCI address that a machine names, and those that follow from them. */
export function pciPlaces(machine: Machine): readonly PciPlace[] {
  const { disk, inputs, video, memballoon, rng } = machine;
  return [
    ...placesOf('disk', [disk.place.bus === 'virtio' ? disk.place : null]),
    ...placesOf(
      'controller',
      machine.controllers.map((controller) => ('address' in controller ? controller : null)),
    ),
    ...companionPlaces(machine.controllers),
    ...placesOf('interface', machine.interfaces),
    ...placesOf(
      'input',
      inputs.map((input) => (input.bus === 'virtio' ? input : null)),
    ),
    ...placesOf('sound', machine.sounds),
    ...placesOf('video', [video]),
    ...placesOf('memballoon', [memballoon]),
    ...placesOf('rng', [rng]),
  ];
}

/** libvirt puts a companion of USB 1 beside its master, at the function that its number says. */
function companionPlaces(controllers: readonly Controller[]): readonly PciPlace[] {
  return controllers.flatMap((controller, position) => {
    if (controller.type !== 'usb' || controller.masterStartPort === null) return [];
    const { index, model, address } = controller;
    const [, number] = /^ich9-uhci([123])$/.exec(model ?? '') ?? [];
    const master = controllers.find(
      (one) => one.type === 'usb' && one.index === index && one.address !== null,
    );
    if (address !== null || number === undefined || master?.type !== 'usb') return [];
    if (master.address === null) return [];
    const place = { ...master.address, function: Number(number) - 1, multifunction: null };
    return [{ path: devicePath('controller', position, controllers.length), address: place }];
  });
}

/** @param devices all of their kind, in the order of the domain XML; null where there is no address */
function placesOf(kind: string, devices: readonly Addressed[]): readonly PciPlace[] {
  return devices.flatMap((device, index) => {
    const address = device?.address ?? null;
    if (address === null) return [];
    return { path: `${devicePath(kind, index, devices.length)}/address`, address };
  });
}

/**
 * Path of a device, as the parser writes it.
 *
 * @param index from 0, among the `count` devices of its kind
 */
export function devicePath(kind: string, index: number, count: number): string {
  return count === 1 ? `${DEVICES}/${kind}` : `${DEVICES}/${kind}[${index + 1}]`;
}
