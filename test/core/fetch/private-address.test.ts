import assert from 'node:assert/strict';
import { isPrivateAddress } from '../../../src/core/fetch/private-address.js';

describe('an address', () => {
  const cases: readonly [string, readonly string[]][] = [
    ['of this computer', ['127.0.0.1', '127.255.255.255', '::1', '0.0.0.0', '0.1.2.3', '::']],
    ['of a private network', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fd00::1']],
    ['of a private network of old', ['fec0::1']],
    ['of a provider’s inner network', ['100.64.0.1', '100.127.255.255']],
    ['of one cable only', ['169.254.169.254', 'fe80::1', 'febf::1']],
    ['of many computers', ['224.0.0.1', '239.1.1.1', '255.255.255.255', 'ff02::1']],
    ['of no computer', ['192.0.0.170', '198.18.0.1', '198.19.255.255', '240.0.0.1']],
    ['mapped to IPv6', ['::ffff:127.0.0.1', '::ffff:a00:1', '::ffff:169.254.0.1']],
    ['in the old IPv6 form', ['::10.0.0.1', '::7f00:1']],
    ['behind NAT64', ['64:ff9b::10.0.0.1', '64:ff9b::c0a8:101', '64:ff9b:1::8.8.8.8']],
    ['in a 6to4 network', ['2002:a00:1::1', '2002:c0a8:101::', '2002:7f00:1::5']],
    ['behind Teredo', ['2001:0:4136:e378:8000:63bf:3fff:fdd2']],
  ]; // prettier-ignore
  for (const [what, addresses] of cases) {
    it(`${what} is private`, () => {
      for (const address of addresses) assert.equal(isPrivateAddress(address), true, address);
    });
  }

  it('of the internet is not private, also right beside those that are', () => {
    const addresses = [
      ...['1.1.1.1', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255'],
      ...['128.0.0.0', '169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0'],
      ...['192.0.1.0', '192.167.255.255', '192.169.0.0', '198.17.255.255', '198.20.0.0', '223.255.255.255'],
      ...['2606:4700::1111', '2001:db9::1', '2001:1::1', 'fbff::1', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8'],
      ...['2002:808:808::1', '::8.8.8.8'],
    ]; // prettier-ignore
    for (const address of addresses) assert.equal(isPrivateAddress(address), false, address);
  });
});
