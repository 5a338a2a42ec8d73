import { fail, type VmnetxError } from '../errors/index.js';
import type { Connection, ConnectionEvent, LifecycleDetail } from '../libvirt/index.js';
import type { Vmnetfs } from '../vmnetfs/index.js';
import { DomainLink } from './domain-link.js';
import { Recovery } from './recovery.js';
import type { Ending } from './session-state.js';

/** What becomes of a domain by itself. */
export interface DomainListener {
  /** The guest shut itself down, or somebody stopped the domain. */
  readonly onEnded: (how: Ending) => void;
  readonly onRebooted: () => void;
  readonly onFailed: (error: VmnetxError) => void;
}

/**
 * Tells the listener when a domain ends, and lets it go on after a pause for want of bytes. The
 * caller closes the link that it gets.
 */
export function watchDomain(
  connection: Connection,
  name: string,
  vmnetfs: Vmnetfs,
  listener: DomainListener,
): DomainLink {
  const receive = (event: Exclude<ConnectionEvent, { type: 'closed' }>): void => {
    if (event.type === 'reboot') listener.onRebooted();
    else if (event.type === 'io-error') {
      if (event.action === 'paused') recovery.paused(event.reason);
    } else if (event.event === 'stopped') {
      tellEnd(event.detail, listener);
    }
  };
  const link = new DomainLink(connection, name, {
    onEvent: receive,
    onRenewed: () => void catchUp(link, recovery, listener),
    onLost: listener.onFailed,
  });
  const recovery = new Recovery({ lookupDomain: () => link.domain() }, name, vmnetfs, listener);
  return link;
}

/** Finds out what happened while nobody listened. */
async function catchUp(
  link: DomainLink,
  recovery: Recovery,
  listener: DomainListener,
): Promise<void> {
  try {
    const { state } = await (await link.domain()).state();
    if (state === 'paused') recovery.paused('');
    if (state === 'shutoff' || state === 'crashed') {
      listener.onFailed(fail('host-machine-stopped', {}));
    }
  } catch {
    // The link is broken again, which tells of itself.
  }
}

function tellEnd(detail: LifecycleDetail, listener: DomainListener): void {
  if (detail === 'crashed' || detail === 'failed') {
    listener.onFailed(fail('host-machine-stopped', {}));
  } else {
    listener.onEnded(detail === 'shutdown' ? 'shut-down' : 'stopped');
  }
}
