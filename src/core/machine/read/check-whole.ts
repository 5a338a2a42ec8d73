import type { Machine } from '../machine.js';
import { checkBuses } from './check-buses.js';
import { checkUsb } from './check-usb.js';
import { devicePath } from './pci-places.js';
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
  checkControllers(machine.controllers);
  checkBuses(machine);
  checkUsb(machine);
}

/** The ICH9 USB controllers are one together; all others need an index of their own. */
function checkControllers(controllers: Machine['controllers']): void {
  const seen = new Set<string>();
  for (const [position, controller] of controllers.entries()) {
    const { type, index } = controller;
    const isUhci = type === 'usb' && controller.model?.startsWith('ich9-uhci') === true;
    const name = isUhci ? `${controller.model} ${index}` : `${type} ${index}`;
    if (seen.has(name)) {
      const path = devicePath('controller', position, controllers.length);
      refuse(path, `there is a controller ${name} already`);
    }
    seen.add(name);
  }
}

function refuseTwice(values: readonly string[], path: string, what: string): void {
  const repeated = values.find((value, index) => values.indexOf(value) !== index);
  if (repeated !== undefined) refuse(path, `two devices have the ${what} ${repeated}`);
}
