import { fail, type VmnetxError } from '../errors/index.js';
import {
  isLibvirtError,
  libvirtCode,
  type Connection,
  type LifecycleDetail,
} from '../libvirt/index.js';
import { SparingLog, type Log, type LogValues } from '../log/index.js';
import { DomainLink, type DomainEvent } from './domain-link.js';
import { Recovery, type AwaitedBytes } from './recovery.js';
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
  bytes: AwaitedBytes,
  listener: DomainListener,
  log: Log,
): DomainLink {
  const told = new SparingLog(log.of('libvirt'));
  const receive = (event: DomainEvent): void => {
    told.write('info', 'The domain changes', valuesOf(event));
    if (event.type === 'reboot') listener.onRebooted();
    else if (event.type === 'io-error') {
      if (event.action === 'paused') recovery.paused(event.reason);
    } else if (event.event === 'stopped') {
      tellEnd(event.detail, listener);
    }
  };
  const link = new DomainLink(connection, name, {
    onEvent: receive,
    onBroken: (reason) => {
      told.write('warning', 'The connection is closed', { reason });
    },
    onRenewed: () => {
      told.write('info', 'There is a new connection');
      void catchUp(link, recovery, listener);
    },
    onLost: listener.onFailed,
    onClose: () => {
      told.flush();
    },
  });
  const recovery = new Recovery(() => link.domain(), bytes, listener);
  return link;
}

/** What an event says besides whom it is about. */
function valuesOf(event: DomainEvent): LogValues {
  switch (event.type) {
    case 'lifecycle':
      return { event: event.event, detail: event.detail };
    case 'io-error':
      return { event: event.type, disk: event.alias, action: event.action, reason: event.reason };
    case 'reboot':
      return { event: event.type };
  }
}

/** Finds out what happened while nobody listened. */
async function catchUp(
  link: DomainLink,
  recovery: Recovery,
  listener: DomainListener,
): Promise<void> {
  try {
    const { state, reason } = await (await link.domain()).state();
    if (state === 'paused' && reason === 'io-error') recovery.paused('');
    if (state === 'shutoff' || state === 'crashed') {
      listener.onFailed(fail('host-machine-stopped', {}));
    }
  } catch (cause) {
    // That the link is broken again it tells itself.
    if (!isLibvirtError(cause, libvirtCode.noDomain)) return;
    listener.onFailed(fail('host-machine-stopped', {}, { cause }));
  }
}

function tellEnd(detail: LifecycleDetail, listener: DomainListener): void {
  if (detail === 'crashed' || detail === 'failed') {
    listener.onFailed(fail('host-machine-stopped', {}));
  } else {
    listener.onEnded(detail === 'shutdown' ? 'shut-down' : 'stopped');
  }
}
