import type { XmlElement } from '../../xml/index.js';
import {
  CONTROLLER_INDEX,
  DRIVE_PLACES,
  MAX_USB_DEPTH,
  ONLY_FIRST,
  PCI_BUS,
  PCI_FUNCTION,
  PCI_ROOT_SLOT,
  PCI_SLOT,
  USB_PORT,
} from '../limits.js';
import type { DriveAddress, PciAddress, UsbAddress } from '../machine.js';
import { openElement } from './strict-element.js';
import { Value } from './value.js';

/** `<address type="pci"/>`; null where the device has none. */
export function readPciAddress(element: XmlElement | null): PciAddress | null {
  if (element === null) return null;
  const address = openElement(element, {
    attributes: ['type', 'domain', 'bus', 'slot', 'function', 'multifunction'],
  });
  address.required('type').oneOf(['pci']);
  address.attribute('domain')?.integer({ min: 0, max: 0 });
  const bus = address.attribute('bus')?.integer({ min: 0, max: PCI_BUS.max }) ?? 0;
  return {
    bus,
    slot: address.required('slot').integer(bus === 0 ? PCI_ROOT_SLOT : PCI_SLOT),
    function: address.attribute('function')?.integer(PCI_FUNCTION) ?? 0,
    multifunction: address.attribute('multifunction')?.onOff() ?? null,
  };
}

/** `<address type="drive"/>`; null where the disk has none. */
export function readDriveAddress(
  element: XmlElement | null,
  bus: keyof typeof DRIVE_PLACES,
): DriveAddress | null {
  if (element === null) return null;
  const bounds = DRIVE_PLACES[bus];
  const address = openElement(element, {
    attributes: ['type', 'controller', 'bus', 'target', 'unit'],
  });
  address.required('type').oneOf(['drive']);
  return {
    controller: address.attribute('controller')?.integer(bounds.controller) ?? 0,
    bus: address.attribute('bus')?.integer(bounds.bus) ?? 0,
    target: address.attribute('target')?.integer(ONLY_FIRST) ?? 0,
    unit: address.attribute('unit')?.integer(bounds.unit) ?? 0,
  };
}

/** `<address type="usb"/>`; null where the device has none. */
export function readUsbAddress(element: XmlElement | null): UsbAddress | null {
  if (element === null) return null;
  const address = openElement(element, { attributes: ['type', 'bus', 'port'] });
  address.required('type').oneOf(['usb']);
  const port = address.required('port');
  const hubs = port.text.split('.');
  if (hubs.length > MAX_USB_DEPTH) port.refuse(`at most ${MAX_USB_DEPTH} numbers are accepted`);
  return {
    bus: address.attribute('bus')?.integer(CONTROLLER_INDEX) ?? 0,
    port: hubs.map((number) => new Value(port.path, number).integer(USB_PORT)),
  };
}
