import type { FuzzTarget } from '../target.js';
import { domain } from './domain.js';
import { challenges, cookies } from './headers.js';
import { memoryHeader } from './memory.js';
import { channelMessages } from './messages.js';
import { qcow2Header } from './qcow2.js';
import { address, reference } from './reference.js';
import { savedDomain } from './saved-domain.js';
import { stateHead } from './state.js';
import { manifest, zip } from './zip.js';

/** Runs with a target whatever the type of its input is. */
export type UseTarget = <Input>(target: FuzzTarget<Input>) => Promise<void>;

/** All parsers of what strangers write. */
export const targets: Readonly<Record<string, (use: UseTarget) => Promise<void>>> = {
  reference: (use) => use(reference),
  address: (use) => use(address),
  manifest: (use) => use(manifest),
  zip: (use) => use(zip),
  domain: (use) => use(domain),
  qcow2: (use) => use(qcow2Header),
  memory: (use) => use(memoryHeader),
  'saved domain': (use) => use(savedDomain),
  state: (use) => use(stateHead),
  challenges: (use) => use(challenges),
  cookies: (use) => use(cookies),
  messages: (use) => use(channelMessages),
};
