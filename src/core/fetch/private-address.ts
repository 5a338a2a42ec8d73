import { BlockList, isIPv6 } from 'node:net';

/**
 * Addresses that mean another host, or none, depending on where one stands: nothing that a stranger
 * names. From IANA's registries of special-purpose addresses; those for documentation lead nowhere.
 */
const IPV4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8], // this host
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // shared by the customers of a provider
  ['127.0.0.0', 8], // loopback
  ['169.254.0.0', 16], // link-local, and the clouds' servers of secrets
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocols
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks of networks
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, and broadcast
];

const IPV6: readonly (readonly [string, number])[] = [
  ['::', 128], // unspecified
  ['::1', 128], // loopback
  ['64:ff9b:1::', 48], // translated to IPv4 as each network likes
  ['2001::', 32], // Teredo, which hides an IPv4 address
  ['fc00::', 7], // private
  ['fe80::', 10], // link-local
  ['fec0::', 10], // private, of old
  ['ff00::', 8], // multicast
];

/** Prefixes of 96 bits, behind which an IPv4 address stands. */
const IPV4_INSIDE = [
  '::', // compatible
  '::ffff:', // mapped
  '64:ff9b::', // NAT64
];

const PRIVATE = makeList();

/** @param address IPv4 or IPv6, without brackets and zone */
export function isPrivateAddress(address: string): boolean {
  return PRIVATE.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

function makeList(): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of IPV6) list.addSubnet(address, prefix, 'ipv6');
  for (const [address, prefix] of IPV4) {
    list.addSubnet(address, prefix, 'ipv4');
    for (const start of IPV4_INSIDE) list.addSubnet(start + address, 96 + prefix, 'ipv6');
    const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
    const hexadecimal = [a * 256 + b, c * 256 + d].map((word) => word.toString(16)).join(':');
    list.addSubnet(`2002:${hexadecimal}::`, 16 + prefix, 'ipv6'); // 6to4
  }
  return list;
}
