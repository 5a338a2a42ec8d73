import { fail } from '../errors/index.js';
import type { Connection, ConnectionEvent } from '../libvirt/index.js';
import type { Vmnetfs } from '../vmnetfs/index.js';
import { Recovery } from './recovery.js';
import type { RunListener } from './run-machine.js';

/**
 * Tells the listener when a domain ends, and lets it go on after a pause for want of bytes. Returns
 * the function that ends the watching.
 */
export function watchDomain(
  connection: Connection,
  name: string,
  vmnetfs: Vmnetfs,
  listener: RunListener,
): () => void {
  const recovery = new Recovery(connection, name, vmnetfs, listener);
  return connection.onEvent((event) => {
    if (event.type === 'closed') {
      listener.onFailed(fail('host-libvirt-lost', {}, { detail: event.reason }));
    } else if (event.domain.name === name) {
      if (event.type === 'lifecycle') ended(event, listener);
      if (event.type === 'io-error' && event.action === 'paused') recovery.paused(event.reason);
    }
  });
}

function ended(
  { event, detail }: Extract<ConnectionEvent, { type: 'lifecycle' }>,
  listener: RunListener,
): void {
  if (event !== 'stopped') return;
  if (detail === 'crashed' || detail === 'failed') {
    listener.onFailed(fail('host-machine-stopped', {}));
  } else {
    listener.onEnded();
  }
}
