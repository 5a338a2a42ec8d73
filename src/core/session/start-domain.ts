import { fail } from '../errors/index.js';
import { isLibvirtError, libvirtCode, LibvirtError, type Connection } from '../libvirt/index.js';

/**
 * Starts a domain that ends with the connection. libvirt checks it against its own schema first: what
 * it would pass over in silence, such as a policy of the disk that it does not know, must not be lost.
 *
 * @param beforeGuest done when QEMU has opened the disk and the guest does not run yet
 * @returns what `beforeGuest` brings
 * @throws VmnetxError `host-machine-not-started` with libvirt's words as its detail,
 *   `host-libvirt-lost`
 */
export async function startDomain<Value>(
  connection: Connection,
  xml: string,
  beforeGuest: () => Promise<Value>,
): Promise<Value> {
  try {
    const domain = await connection.createDomain(xml, {
      autodestroy: true,
      paused: true,
      validate: true,
    });
    const value = await beforeGuest();
    await domain.resume();
    return value;
  } catch (error) {
    if (!(error instanceof LibvirtError)) throw error;
    const lost = isLibvirtError(error, libvirtCode.invalidConnection);
    const code = lost ? 'host-libvirt-lost' : 'host-machine-not-started';
    throw fail(code, {}, { cause: error, detail: error.message });
  }
}
