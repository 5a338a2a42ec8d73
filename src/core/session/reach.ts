import type { Reach } from '../fetch/index.js';
import type { Environment } from '../places/index.js';
import { readPrivateHosts } from '../settings/index.js';

/**
 * Where requests for a machine may lead: private networks only if the user named the address, and
 * where the setting `links.privateHosts` allows it.
 *
 * @throws VmnetxError `settings-malformed`, `host-…`
 */
export async function readReach(fromLink: boolean, environment: Environment): Promise<Reach> {
  return { privateNetworks: !fromLink, privateHosts: await readPrivateHosts(environment) };
}
