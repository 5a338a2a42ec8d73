import { createHash } from 'node:crypto';
import { fail } from '../errors/index.js';
import type { Environment } from '../places/index.js';
import { readSettings, settingsPath, writeSetting } from './settings-file.js';

/**
 * What the user answered when asked whether a machine may use the network; null: nobody has.
 *
 * @param machine what identifies the machine: the whole address of its package
 * @throws VmnetxError `settings-malformed`, `host-…`
 */
export async function readNetworkAnswer(
  environment: Environment,
  machine: string,
): Promise<boolean | null> {
  const name = nameFor(machine);
  const value = (await readSettings(environment))[name];
  if (value === undefined) return null;
  if (typeof value === 'boolean') return value;
  const reason = `“${name}” is neither true nor false`;
  throw fail('settings-malformed', { path: settingsPath(environment), reason });
}

export function writeNetworkAnswer(
  environment: Environment,
  machine: string,
  allowed: boolean,
): Promise<void> {
  return writeSetting(environment, nameFor(machine), allowed);
}

/** Addresses can hold secrets, and where somebody has been is nobody's business: only a hash is kept. */
function nameFor(machine: string): string {
  return `network.${createHash('sha256').update(machine).digest('hex')}`;
}
