import { fail } from '../errors/index.js';
import type { Connection, ConnectionEvent } from '../libvirt/index.js';
import { SparingLog, type Log, type LogValues } from '../log/index.js';
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
  log: Log,
): () => void {
  const recovery = new Recovery(connection, name, vmnetfs, listener);
  const told = new SparingLog(log.of('libvirt'));
  const unwatch = connection.onEvent((event) => {
    if (event.type === 'closed') {
      told.write('error', 'The connection is closed', { reason: event.reason });
      listener.onFailed(fail('host-libvirt-lost', {}, { detail: event.reason }));
    } else if (event.domain.name === name) {
      told.write('info', 'The domain changes', valuesOf(event));
      if (event.type === 'lifecycle') ended(event, listener);
      if (event.type === 'io-error' && event.action === 'paused') recovery.paused(event.reason);
    }
  });
  return () => {
    unwatch();
    told.flush();
  };
}

/** What an event says besides whom it is about. */
function valuesOf(event: Exclude<ConnectionEvent, { type: 'closed' }>): LogValues {
  switch (event.type) {
    case 'lifecycle':
      return { event: event.event, detail: event.detail };
    case 'io-error':
      return { event: event.type, disk: event.alias, action: event.action, reason: event.reason };
    case 'reboot':
      return { event: event.type };
  }
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
