import { killQemu } from './kill-qemu.js';
import { libvirtCode, LibvirtError, openConnection, type Connection } from '../libvirt/index.js';

/** How long QEMU may take to end by itself. */
const PATIENCE_MILLISECONDS = 1500;

/**
 * Stops a domain if it is still there, over a new connection if the old one was lost: QEMU outlives
 * libvirt's daemon, and a new daemon finds it again.
 */
export async function destroyDomain(connection: Connection, name: string): Promise<void> {
  try {
    await destroyOver(connection, name);
  } catch (error) {
    if (!isLibvirt(error, libvirtCode.invalidConnection)) throw error;
    const fresh = await openConnection();
    try {
      await destroyOver(fresh, name);
    } finally {
      await fresh.close();
    }
  }
}

async function destroyOver(connection: Connection, name: string): Promise<void> {
  try {
    const domain = await connection.lookupDomain(name);
    // libvirt asks QEMU first and kills it only after ten seconds.
    const kill = setTimeout(() => void killQemu(name), PATIENCE_MILLISECONDS);
    try {
      await domain.destroy();
    } finally {
      clearTimeout(kill);
    }
  } catch (error) {
    if (!isLibvirt(error, libvirtCode.noDomain)) throw error;
  }
}

function isLibvirt(error: unknown, code: number): boolean {
  return error instanceof LibvirtError && error.code === code;
}
