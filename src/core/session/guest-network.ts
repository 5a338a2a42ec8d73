import type { Environment } from '../places/index.js';
import type { Location } from '../reference/index.js';
import { readNetworkAnswer } from '../settings/index.js';
import type { MachinePackage } from './read-machine.js';
import type { GuestNetwork } from './session-state.js';

/** What identifies a machine for its user: where its package is, with all that its address says. */
export function machineIdentity(place: Location): string {
  return place.kind === 'url' ? place.url.href : `file:${place.path}`;
}

/**
 * Whether a machine has the network: what the user once answered for it; else one that came from a
 * link has none, because anybody can make links.
 *
 * @returns null for a machine without a network card
 * @throws VmnetxError `settings-malformed`, `host-…`
 */
export async function guestNetworkOf(
  { machine, place }: Pick<MachinePackage, 'machine' | 'place'>,
  fromLink: boolean,
  environment: Environment,
): Promise<GuestNetwork | null> {
  if (machine.interfaces.length === 0) return null;
  const answer = await readNetworkAnswer(environment, machineIdentity(place));
  if (answer !== null) return answer ? 'full' : 'none';
  return fromLink ? 'unasked' : 'full';
}
