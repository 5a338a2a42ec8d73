import type { XmlElement } from '../../xml/index.js';
import { childrenOf, inPlaceOf, type Say } from './edit.js';

/** A serial or parallel port: it stays, but leads nowhere. */
export function adaptPort(port: XmlElement, say: Say): XmlElement {
  const type = port.attributes.get('type') ?? '';
  const parts = port.children.map(({ localName }) => localName);
  if (type === 'null' && parts.every((name) => name === 'target')) return port;
  say(`The ${port.localName} port leads nowhere instead of to “${type}”: ${port.path}.`);
  return inPlaceOf(port, port.localName, { type: 'null' }, childrenOf(port, 'target'));
}

/**
 * libvirt writes the first serial port a second time, as the console; where it stands there only
 * as a console, it is made a serial port. Other consoles are channels to programs of this computer.
 */
export function adaptConsoles(devices: XmlElement, say: Say): XmlElement {
  const hasSerial = childrenOf(devices, 'serial').length > 0;
  const consoles = childrenOf(devices, 'console');
  const first = hasSerial ? undefined : consoles.find(isSerial);
  const children = devices.children.flatMap((child) => {
    if (!consoles.includes(child)) return child;
    if (child !== first) {
      say(`The console is left out: ${child.path}.`);
      return [];
    }
    say(`The console becomes a serial port that leads nowhere: ${child.path}.`);
    return inPlaceOf(child, 'serial', { type: 'null' });
  });
  return { ...devices, children };
}

function isSerial(console: XmlElement): boolean {
  const [target] = childrenOf(console, 'target');
  return (target?.attributes.get('type') ?? 'serial') === 'serial';
}
