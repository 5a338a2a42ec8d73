import type { XmlElement } from '../../xml/index.js';
import { childrenOf, editChildren, withAttribute, without, type Rule, type Say } from './edit.js';

/** Controllers of devices that are all left out, and what those were for. */
const UNUSED: ReadonlyMap<string, string> = new Map([
  ['virtio-serial', 'channels'],
  ['ccid', 'smart cards'],
]);

/** The PCI bus that every PC has. Its number is 0, wherever it stands. */
const ROOTS = ['pci-root', 'pcie-root'];
const ROOT = 0;

/** They share the number of the EHCI controller that stands before them. */
const COMPANIONS = ['ich9-uhci1', 'ich9-uhci2', 'ich9-uhci3'];

export function adaptController(controller: XmlElement, say: Say): XmlElement | null {
  const type = typeOf(controller);
  const purpose = UNUSED.get(type);
  if (purpose !== undefined) {
    say(`The controller for ${purpose} is left out: ${controller.path}.`);
    return null;
  }
  if (type === 'usb' && controller.attributes.get('model') === 'none') {
    say(`The machine is no longer kept from having USB: ${controller.path}.`);
    return null;
  }
  return without(controller, { children: ['driver'] }, say);
}

/** Gives each controller without a number the one that libvirt would give it. */
export function numberControllers(devices: XmlElement): XmlElement {
  const given = childrenOf(devices, 'controller').filter(({ attributes }) =>
    attributes.has('index'),
  );
  const used = new Set([
    place('pci', ROOT),
    ...given.map((one) => place(typeOf(one), indexOf(one))),
  ]);
  let companionOf = 0;

  const choose = (controller: XmlElement): number => {
    const model = controller.attributes.get('model') ?? '';
    if (ROOTS.includes(model)) return ROOT;
    if (COMPANIONS.includes(model)) return companionOf;
    let index = 0;
    while (used.has(place(typeOf(controller), index))) index++;
    used.add(place(typeOf(controller), index));
    return index;
  };

  const number: Rule = (controller) => {
    const index = controller.attributes.has('index') ? indexOf(controller) : choose(controller);
    if (controller.attributes.get('model') === 'ich9-ehci1') companionOf = index;
    return controller.attributes.has('index')
      ? controller
      : withAttribute(controller, 'index', String(index));
  };
  return editChildren(devices, 'controller', number, () => undefined);
}

function typeOf(controller: XmlElement): string {
  return controller.attributes.get('type') ?? '';
}

function indexOf(controller: XmlElement): number {
  return Number(controller.attributes.get('index'));
}

function place(type: string, index: number): string {
  return `${type} ${index}`;
}
