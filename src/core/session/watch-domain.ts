import { asVmnetxError, fail } from '../errors/index.js';
import type { Connection, ConnectionEvent } from '../libvirt/index.js';
import type { Vmnetfs } from '../vmnetfs/index.js';
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
  return connection.onEvent((event) => {
    if (event.type === 'closed') {
      listener.onFailed(fail('host-libvirt-lost', {}, { detail: event.reason }));
    } else if (event.domain.name === name) {
      if (event.type === 'lifecycle') ended(event, listener);
      if (event.type === 'io-error' && event.action === 'paused') {
        void resumeWhenReady(connection, name, vmnetfs, listener);
      }
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

/**
 * A disk's read waited too long, and QEMU paused the guest, which notices nothing. The fetch went
 * on: once it is done the guest goes on, too. If it failed, the session has been told already.
 */
async function resumeWhenReady(
  connection: Connection,
  name: string,
  vmnetfs: Vmnetfs,
  listener: RunListener,
): Promise<void> {
  try {
    await vmnetfs.settle();
    const domain = await connection.lookupDomain(name);
    const { state } = await domain.state();
    if (state === 'paused') await domain.resume();
  } catch (error) {
    listener.onFailed(
      fail('host-machine-stopped', {}, { cause: error, detail: asVmnetxError(error).message }),
    );
  }
}
