import { isLibvirtError, libvirtCode, openConnection, type Connection } from '../libvirt/index.js';
import { killQemu } from './kill-qemu.js';

/** How long QEMU may take to end by itself. */
const PATIENCE_MILLISECONDS = 1500;

/**
 * Stops a domain if it is still there. QEMU outlives libvirt's daemon: if that was lost, or cannot do
 * it, another connection is tried, and then QEMU is killed.
 *
 * @param starting the call that starts the domain; what it brings late is stopped, too
 */
export async function destroyDomain(
  connection: Connection,
  name: string,
  starting: Promise<unknown> = Promise.resolve(),
): Promise<void> {
  // libvirt asks QEMU first and kills it only after ten seconds, and its daemon may hang itself.
  const kill = setTimeout(() => void killQemu(name), PATIENCE_MILLISECONDS);
  try {
    await starting.catch(() => undefined);
    await destroyOver(connection, name)
      .catch(() => destroyAnew(name))
      .catch(() => killQemu(name));
  } finally {
    clearTimeout(kill);
  }
}

async function destroyAnew(name: string): Promise<void> {
  const connection = await openConnection();
  try {
    await destroyOver(connection, name);
  } finally {
    await connection.close();
  }
}

async function destroyOver(connection: Connection, name: string): Promise<void> {
  try {
    const domain = await connection.lookupDomain(name);
    await domain.destroy();
  } catch (error) {
    if (!isLibvirtError(error, libvirtCode.noDomain)) throw error;
  }
}
