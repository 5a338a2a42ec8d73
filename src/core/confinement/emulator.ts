import { requireLauncher } from './launcher.js';

/** What libvirt is to run as a machine's emulator. */
export interface ConfinedEmulator {
  /** Absolute path. The same for all machines, because libvirt examines each new one for a second. */
  readonly path: string;
  /** Environment variables that say what it may reach. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * QEMU behind the launcher that confines it to one session: to the system's libraries, the session's
 * images and sockets and, with a network, connections. `native/launcher` holds the rules; without
 * Landlock in the kernel files are not confined (`vmnetx-launcher --check` prints what there is).
 *
 * @param folder absolute path of the session's private folder, with the images in `mount`
 * @throws VmnetxError `host-not-built`
 */
export async function confinedEmulator(
  folder: string,
  network: 'full' | 'restricted',
): Promise<ConfinedEmulator> {
  const path = await requireLauncher();
  return { path, variables: { VMNETX_SESSION: folder, VMNETX_NETWORK: network } };
}
