import type { LookupAddress } from 'node:dns';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';
import { fail, type VmnetxError } from '../errors/index.js';
import { privateHostsSetting, type PrivateHost } from '../settings/index.js';
import type { Addressing } from './addressing.js';

/**
 * Keeps requests from servers of private networks. What counts is the address of each connection: a
 * name may lead elsewhere each time that it is looked up. Behind a proxy only the proxy knows that
 * address, so there addresses are kept off by what is written, and names by the proxy's own rules.
 */
export class AddressGuard {
  readonly #publicOnly: boolean;
  readonly #addressing: Addressing;
  readonly #names = new Set<string>();
  readonly #networks = new BlockList();
  /** Whether all addresses that a name had so far are private. */
  readonly #lookedUp = new Map<string, boolean>();

  /**
   * @param publicOnly false: everything may be asked
   * @param exceptions what may be asked in any case
   */
  constructor(publicOnly: boolean, exceptions: readonly PrivateHost[], addressing: Addressing) {
    this.#publicOnly = publicOnly;
    this.#addressing = addressing;
    for (const host of exceptions) {
      if ('name' in host) this.#names.add(host.name);
      else this.#networks.addSubnet(host.address, host.prefix, host.family);
    }
  }

  /**
   * Looks at a host as it is written. A connection to a name is looked at by {@link lookup}.
   *
   * @param hostname as in a URL
   * @throws VmnetxError `network-private-address`
   */
  check(hostname: string): void {
    const host = nameOf(hostname);
    const isAllowed =
      isIP(host) === 0 ? this.#names.has(host) || !isLocalName(host) : this.#allows(host);
    if (this.#publicOnly && !isAllowed) throw refusal(hostname);
  }

  /** Whether a host that was asked is in a private network, as far as is known, and always was. */
  isPrivate(hostname: string): boolean {
    const host = nameOf(hostname);
    if (isIP(host) !== 0) return this.#addressing.isPrivate(host);
    return isLocalName(host) || (this.#lookedUp.get(host) ?? false);
  }

  /** For net.connect: leaves out the addresses that must not be asked. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    const { hints = 0, all = false } = options;
    const family = options.family === 'IPv4' ? 4 : options.family === 'IPv6' ? 6 : options.family;
    this.#addressing.lookup(
      hostname,
      { all: true, family: family ?? 0, hints },
      (error, addresses) => {
        const [first, ...others] = error === null ? this.#allowed(hostname, addresses) : [];
        if (first !== undefined && all) callback(null, [first, ...others]);
        else if (first !== undefined) callback(null, first.address, first.family);
        else callback(error ?? refusal(hostname, addresses[0]?.address), '');
      },
    );
  };

  #allowed(hostname: string, addresses: readonly LookupAddress[]): readonly LookupAddress[] {
    const host = nameOf(hostname);
    const allPrivate = addresses.every(({ address }) => this.#addressing.isPrivate(bare(address)));
    this.#lookedUp.set(host, allPrivate && (this.#lookedUp.get(host) ?? true));
    if (!this.#publicOnly || this.#names.has(host)) return addresses;
    return addresses.filter(({ address }) => this.#allows(bare(address)));
  }

  #allows(address: string): boolean {
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    return !this.#addressing.isPrivate(address) || this.#networks.check(address, family);
  }
}

/** @param leadsTo the address of a name: whoever allows that computer allows none that the name has later */
function refusal(hostname: string, leadsTo = nameOf(hostname)): VmnetxError {
  const setting = privateHostsSetting([nameOf(hostname)]);
  return fail('network-private-address', { host: hostname, setting }, { host: bare(leadsTo) });
}

/** Without what a URL puts around an address, and the dot that may end a name. */
function nameOf(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

/** Names that mean this computer whatever they are looked up as (RFC 6761). */
function isLocalName(name: string): boolean {
  return /(?:^|\.)localhost$/i.test(name);
}

function bare(address: string): string {
  return address.replace(/%.*$/s, '');
}
