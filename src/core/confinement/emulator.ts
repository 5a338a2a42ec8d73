import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { fail } from '../errors/index.js';
import { withinProgram } from '../places/index.js';

/** What libvirt is to run as a machine's emulator. */
export interface ConfinedEmulator {
  /** Absolute path. The same for all machines, because libvirt examines each new one for a second. */
  readonly path: string;
  /** Environment variables that say what it may reach. */
  readonly variables: Readonly<Record<string, string>>;
}

const LAUNCHER = 'native/launcher/build/Release/vmnetx-launcher';

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
  const path = withinProgram(LAUNCHER);
  try {
    await access(path, constants.X_OK);
  } catch (cause) {
    throw fail('host-not-built', { part: LAUNCHER }, { cause });
  }
  return { path, variables: { VMNETX_SESSION: folder, VMNETX_NETWORK: network } };
}
