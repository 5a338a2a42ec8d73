import type { XmlElement } from '../../xml/index.js';
import { withAttribute, without, type Say } from './edit.js';

/** Networks that QEMU itself takes part in: the card is an emulated one, whatever it leads to. */
const NETWORKS = [
  'bridge',
  'client',
  'direct',
  'ethernet',
  'internal',
  'mcast',
  'network',
  'null',
  'server',
  'udp',
  'vhostuser',
];

const PARTS = [
  'acpi',
  'backend',
  'backenddomain',
  'bandwidth',
  'boot',
  'coalesce',
  'driver',
  'filterref',
  'guest',
  'ip',
  'link',
  'mtu',
  'port',
  'portForward',
  'rom',
  'route',
  'source',
  'target',
  'teaming',
  'tune',
  'virtualport',
  'vlan',
];

/** The card stays, with its model, MAC address and place; its network is the user network. */
export function adaptInterface(nic: XmlElement, say: Say): XmlElement {
  const type = nic.attributes.get('type') ?? '';
  const isOther = NETWORKS.includes(type);
  if (isOther) say(`The network “${type}” becomes the user network “user”: ${nic.path}.`);
  const plain = isOther ? withAttribute(nic, 'type', 'user') : nic;
  return without(plain, { attributes: ['trustGuestRxFilters'], children: PARTS }, say);
}
