import { element, type NewElement } from '../../xml/index.js';
import type { Controller, PciBridge } from '../machine.js';
import { pciAddress } from './addresses.js';

/** The PCI root, or a port or bridge with a bus behind it. */
export function pciControllerElement(controller: Extract<Controller, { type: 'pci' }>): NewElement {
  const { type, index, model } = controller;
  if (!('address' in controller)) return element('controller', { type, index, model });
  const { device, address } = controller;
  return element('controller', { type, index, model }, [
    device === null ? undefined : element('model', { name: device }),
    targetElement(controller),
    pciAddress(address),
  ]);
}

function targetElement({ model, chassis, port }: PciBridge): NewElement | undefined {
  if (chassis === null && port === null) return undefined;
  return element('target', {
    [model === 'pci-bridge' ? 'chassisNr' : 'chassis']: chassis ?? undefined,
    port: port === null ? undefined : `0x${port.toString(16)}`,
  });
}
