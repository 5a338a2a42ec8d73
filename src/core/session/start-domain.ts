import { fail } from '../errors/index.js';
import { LibvirtError, type Connection } from '../libvirt/index.js';

/**
 * Starts a domain that ends with the connection.
 *
 * @throws VmnetxError `host-machine-not-started` with libvirt's words as its detail
 */
export async function startDomain(connection: Connection, xml: string): Promise<void> {
  try {
    await connection.createDomain(xml, { autodestroy: true });
  } catch (error) {
    if (!(error instanceof LibvirtError)) throw error;
    throw fail('host-machine-not-started', {}, { cause: error, detail: error.message });
  }
}
