import { once } from 'node:events';
import { fail } from '../errors/index.js';
import { loadAddon, type NativeConnection } from './addon.js';
import { wrapConnection, type Connection } from './connection.js';
import { LibvirtError, translated } from './libvirt-error.js';

export interface OpenOptions {
  /** A libvirt URI, never empty: `LIBVIRT_DEFAULT_URI` and aliases in libvirt.conf mean nothing here. */
  readonly uri?: string;
  readonly signal?: AbortSignal;
}

/**
 * Connects to libvirt; by default to the user's own session daemon, which libvirt starts when there
 * is none (which takes some seconds the first time).
 *
 * @throws VmnetxError `host-no-libvirt` when nobody answers, libvirt's words as its detail;
 *   `host-not-built` without the addon. The signal's reason when it was aborted.
 */
export async function openConnection({
  uri = 'qemu:///session',
  signal,
}: OpenOptions = {}): Promise<Connection> {
  signal?.throwIfAborted();
  const addon = loadAddon();
  try {
    return wrapConnection(await unlessAborted(translated(addon.open(uri)), signal));
  } catch (error) {
    if (!(error instanceof LibvirtError)) throw error;
    throw fail('host-no-libvirt', {}, { cause: error, detail: error.message });
  }
}

/** libvirt cannot be stopped while it connects: a connection that comes too late is closed. */
async function unlessAborted(
  opening: Promise<NativeConnection>,
  signal: AbortSignal | undefined,
): Promise<NativeConnection> {
  if (signal === undefined) return opening;
  const settled = new AbortController();
  try {
    await Promise.race([opening, once(signal, 'abort', { signal: settled.signal })]);
    signal.throwIfAborted();
    return await opening;
  } catch (error) {
    opening.then((late) => late.close(0)).catch(() => undefined);
    throw error;
  } finally {
    settled.abort();
  }
}
