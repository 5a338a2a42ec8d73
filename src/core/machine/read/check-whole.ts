import type { Machine, UsbAddress } from '../machine.js';
import { checkBuses } from './check-buses.js';
import { refuse } from './refusal.js';

/**
 * What can be seen only from the machine as a whole. libvirt would refuse most of it as well, but
 * only when the machine is started, and not in words for the user.
 */
export function checkWhole(machine: Machine): void {
  if (machine.disk.bootOrder !== null && machine.bootDevices.length > 0) {
    refuse('/domain/os/boot', 'it cannot stand beside a boot order of the disk');
  }
  if (machine.onPoweroff === 'restart' && machine.onReboot === 'destroy') {
    refuse('/domain/on_poweroff', 'a machine that ends at a restart cannot restart at its end');
  }
  refuseTwice(machine.serialPorts.map(String), '/domain/devices/serial', 'number');
  refuseTwice(machine.parallelPorts.map(String), '/domain/devices/parallel', 'number');
  refuseTwice(
    machine.sounds.map(({ model }) => model),
    '/domain/devices/sound',
    'model',
  );
  refuseTwice(machine.graphics, '/domain/devices/graphics', 'type');
  refuseTwice(
    machine.interfaces.flatMap(({ mac }) => mac ?? []),
    '/domain/devices/interface',
    'MAC address',
  );
  checkBuses(machine);
  refuseTwice(usbPlaces(machine), '/domain/devices', 'USB port');
}

function usbPlaces(machine: Machine): readonly string[] {
  const addresses: readonly (UsbAddress | null)[] = [
    ...machine.inputs.map((input) => (input.bus === 'virtio' ? null : input.address)),
    ...machine.hubs.map(({ address }) => address),
    machine.disk.place.bus === 'usb' ? machine.disk.place.address : null,
  ];
  return addresses.flatMap((address) =>
    address === null ? [] : `${address.port.join('.')} of bus ${address.bus}`,
  );
}

function refuseTwice(values: readonly string[], path: string, what: string): void {
  const repeated = values.find((value, index) => values.indexOf(value) !== index);
  if (repeated !== undefined) refuse(path, `two devices have the ${what} ${repeated}`);
}
