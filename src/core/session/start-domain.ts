import { fail } from '../errors/index.js';
import {
  isLibvirtError,
  libvirtCode,
  LibvirtError,
  type Connection,
  type Domain,
} from '../libvirt/index.js';
import { findUnmetNeed, type HostNeeds } from './host-needs.js';

/**
 * Starts a domain that ends with the connection. libvirt checks it against its own schema first: what
 * it would pass over in silence, such as a policy of the disk that it does not know, must not be lost.
 *
 * @param beforeGuest done when QEMU has opened the disk and the guest does not run yet
 * @returns what `beforeGuest` brings
 * @throws VmnetxError `host-libvirt-lost`, `host-lacks-machine-type`, `host-lacks-processor`, else
 *   `host-machine-not-started`, with libvirt's words as its detail
 */
export async function startDomain<Value>(
  connection: Connection,
  xml: string,
  needs: HostNeeds,
  beforeGuest: (domain: Domain) => Promise<Value>,
): Promise<Value> {
  try {
    const domain = await connection.createDomain(xml, {
      autodestroy: true,
      paused: true,
      validate: true,
    });
    const value = await beforeGuest(domain);
    await domain.resume();
    return value;
  } catch (error) {
    if (!(error instanceof LibvirtError)) throw error;
    const context = { cause: error, detail: error.message };
    if (isLibvirtError(error, libvirtCode.invalidConnection)) {
      throw fail('host-libvirt-lost', {}, context);
    }
    const unmet = await findUnmetNeed(connection, needs).catch(() => null);
    throw unmet ?? fail('host-machine-not-started', {}, context);
  }
}
