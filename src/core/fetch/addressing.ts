import { lookup, type LookupAddress } from 'node:dns';
import { isPrivateAddress } from './private-address.js';

/** How names become addresses, and which of these are not for strangers to name. */
export interface Addressing {
  readonly lookup: (
    hostname: string,
    options: { readonly all: true; readonly family: number; readonly hints: number },
    callback: (error: Error | null, addresses: readonly LookupAddress[]) => void,
  ) => void;
  /** @param address IPv4 or IPv6, without brackets and zone */
  readonly isPrivate: (address: string) => boolean;
}

/** As every program of this computer sees it. */
export const SYSTEM_ADDRESSING: Addressing = {
  lookup: (hostname, options, callback) => {
    lookup(hostname, options, (error, addresses) => {
      callback(error, error === null ? addresses : []);
    });
  },
  isPrivate: isPrivateAddress,
};
