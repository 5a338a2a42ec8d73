import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { fail } from '../errors/index.js';
import { withinProgram } from '../places/index.js';

/** Within the program's own folder. */
export const LAUNCHER = 'native/launcher/build/Release/vmnetx-launcher';

/**
 * Absolute path of the program that confines itself before it becomes another.
 *
 * @throws VmnetxError `host-not-built`
 */
export async function requireLauncher(): Promise<string> {
  const path = withinProgram(LAUNCHER);
  try {
    await access(path, constants.X_OK);
    return path;
  } catch (cause) {
    throw fail('host-not-built', { part: LAUNCHER }, { cause });
  }
}
