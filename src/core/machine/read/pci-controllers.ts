import type { XmlElement } from '../../xml/index.js';
import { PCI_BRIDGE_CHASSIS, PCI_BUS, PCI_CHASSIS, PCI_PORT } from '../limits.js';
import type { Controller, PciBridge } from '../machine.js';
import { PCI_BRIDGE_DEVICES, PCI_BRIDGE_MODELS, PCI_ROOT_MODELS } from '../vocabulary.js';
import { readPciAddress } from './addresses.js';
import { refuse } from './refusal.js';
import { openElement } from './strict-element.js';

/** `<controller type="pci">`: the root bus, which libvirt writes down, or what makes another bus. */
export function readPciController(element: XmlElement): Extract<Controller, { type: 'pci' }> {
  const controller = openElement(element, {
    attributes: ['type', 'index', 'model'],
    once: ['model', 'target', 'address'],
  });
  const model = controller.required('model').oneOf([...PCI_ROOT_MODELS, ...PCI_BRIDGE_MODELS]);
  const device = controller.child('model');
  const target = controller.child('target');
  const address = controller.child('address');
  if (model === 'pci-root' || model === 'pcie-root') {
    controller.required('index').integer({ min: 0, max: 0 });
    const stray = device ?? target ?? address;
    if (stray !== null) refuse(stray.path, 'the PCI root has none');
    return { type: 'pci', index: 0, model };
  }
  return {
    type: 'pci',
    model,
    index: controller.required('index').integer(PCI_BUS),
    device: device === null ? null : readDevice(device, model),
    ...(target === null ? { chassis: null, port: null } : readTarget(target, model)),
    address: readPciAddress(address),
  };
}

function readDevice(element: XmlElement, model: PciBridge['model']): PciBridge['device'] {
  const devices: readonly NonNullable<PciBridge['device']>[] = PCI_BRIDGE_DEVICES[model];
  return openElement(element, { attributes: ['name'] })
    .required('name')
    .oneOf(devices);
}

/** Root ports have a `chassis` and a `port`, PCI bridges a `chassisNr`. */
function readTarget(
  element: XmlElement,
  model: PciBridge['model'],
): Pick<PciBridge, 'chassis' | 'port'> {
  switch (model) {
    case 'pcie-root-port': {
      const target = openElement(element, { attributes: ['chassis', 'port'] });
      return {
        chassis: target.attribute('chassis')?.integer(PCI_CHASSIS) ?? null,
        port: target.attribute('port')?.integer(PCI_PORT) ?? null,
      };
    }
    case 'pci-bridge': {
      const target = openElement(element, { attributes: ['chassisNr'] });
      return {
        chassis: target.attribute('chassisNr')?.integer(PCI_BRIDGE_CHASSIS) ?? null,
        port: null,
      };
    }
    case 'pcie-to-pci-bridge':
    case 'dmi-to-pci-bridge':
      return refuse(element.path, 'such a bridge has none');
  }
}
