import { fail } from '../errors/index.js';
import { LibvirtError, type Connection } from '../libvirt/index.js';
import { findUnmetNeed, type HostNeeds } from './host-needs.js';

/**
 * Starts a domain that ends with the connection. libvirt checks it against its own schema first: what
 * it would pass over in silence, such as a policy of the disk that it does not know, must not be lost.
 *
 * @param beforeGuest done when QEMU has opened the disk and the guest does not run yet
 *
 * @throws VmnetxError `host-lacks-machine-type` or `host-lacks-processor`, else
 *   `host-machine-not-started`, with libvirt's words as its detail
 */
export async function startDomain(
  connection: Connection,
  xml: string,
  needs: HostNeeds,
  beforeGuest: () => Promise<void>,
): Promise<void> {
  try {
    const domain = await connection.createDomain(xml, {
      autodestroy: true,
      paused: true,
      validate: true,
    });
    await beforeGuest();
    await domain.resume();
  } catch (error) {
    if (!(error instanceof LibvirtError)) throw error;
    const unmet = await findUnmetNeed(connection, needs).catch(() => null);
    throw unmet ?? fail('host-machine-not-started', {}, { cause: error, detail: error.message });
  }
}
