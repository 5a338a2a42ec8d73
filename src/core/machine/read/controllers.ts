import type { XmlElement } from '../../xml/index.js';
import {
  CONTROLLER_INDEX,
  CONTROLLER_PORTS,
  USB_MASTER_START_PORT,
  XHCI_PORTS,
} from '../limits.js';
import type { Controller } from '../machine.js';
import { CONTROLLER_TYPES, USB_CONTROLLER_MODELS, XHCI_MODELS } from '../vocabulary.js';
import { readPciAddress } from './addresses.js';
import { readPciController } from './pci-controllers.js';
import { refuse } from './refusal.js';
import { openElement } from './strict-element.js';

export function readController(element: XmlElement): Controller {
  if (element.attributes.get('type') === 'pci') return readPciController(element);
  const controller = openElement(element, {
    attributes: ['type', 'index', 'model', 'ports', 'vectors'],
    once: ['address', 'master'],
  });
  const type = controller.required('type').oneOf(CONTROLLER_TYPES);
  const index = controller.required('index').integer(CONTROLLER_INDEX);
  const model = controller.attribute('model');
  const address = controller.child('address');
  const master = controller.child('master');
  const ports = controller.attribute('ports');
  ports?.integer(CONTROLLER_PORTS);
  controller.attribute('vectors')?.integer(CONTROLLER_PORTS);
  if (type !== 'usb' && master !== null) refuse(master.path, 'only USB controllers have a master');
  if (type === 'ide' && index > 0) refuse(controller.path, 'a PC has only one controller of IDE');

  switch (type) {
    case 'usb': {
      const usbModel = model?.oneOf(USB_CONTROLLER_MODELS) ?? null;
      const isXhci = usbModel !== null && XHCI_MODELS.includes(usbModel);
      return {
        type,
        index,
        model: usbModel,
        masterStartPort: master === null ? null : readMasterStartPort(master),
        ports: isXhci ? (ports?.integer(XHCI_PORTS) ?? null) : null,
        address: readPciAddress(address),
      };
    }
    case 'fdc':
      model?.refuse('no model is accepted here');
      if (address !== null) refuse(address.path, 'a floppy controller has no address');
      return { type, index };
    case 'scsi':
      model?.oneOf(['lsilogic']);
      return { type, index, address: readPciAddress(address) };
    case 'ide':
    case 'sata':
      model?.refuse('no model is accepted here');
      return { type, index, address: readPciAddress(address) };
  }
}

function readMasterStartPort(element: XmlElement): number {
  const master = openElement(element, { attributes: ['startport'] });
  return master.required('startport').integer(USB_MASTER_START_PORT);
}
