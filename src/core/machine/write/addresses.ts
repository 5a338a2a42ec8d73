import { element, type NewElement } from '../../xml/index.js';
import type { DriveAddress, PciAddress, UsbAddress } from '../machine.js';

export function pciAddress(address: PciAddress | null): NewElement | undefined {
  if (address === null) return undefined;
  return element('address', {
    type: 'pci',
    domain: '0x0000',
    bus: byte(address.bus),
    slot: byte(address.slot),
    function: `0x${address.function.toString(16)}`,
    multifunction:
      address.multifunction === null ? undefined : address.multifunction ? 'on' : 'off',
  });
}

export function driveAddress(address: DriveAddress | null): NewElement | undefined {
  if (address === null) return undefined;
  const { controller, bus, target, unit } = address;
  return element('address', { type: 'drive', controller, bus, target, unit });
}

export function usbAddress(address: UsbAddress | null): NewElement | undefined {
  if (address === null) return undefined;
  return element('address', { type: 'usb', bus: address.bus, port: address.port.join('.') });
}

function byte(value: number): string {
  return `0x${value.toString(16).padStart(2, '0')}`;
}
