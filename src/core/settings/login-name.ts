import { createHash } from 'node:crypto';
import type { Environment } from '../places/index.js';
import { hasUnprintable } from '../text/index.js';
import { readSettings, writeSetting } from './settings-file.js';

/** Longer ones are typed anew, in characters. */
const MAX_LENGTH = 200;

/**
 * By which name the user logged in last; null where that is not known, or is nothing that could be
 * proposed.
 *
 * @param origin of the server: `https://host:port`
 * @throws VmnetxError `settings-malformed`, `host-…`
 */
export async function readLoginName(
  environment: Environment,
  origin: string,
): Promise<string | null> {
  const value = (await readSettings(environment))[nameFor(origin)];
  return typeof value === 'string' && isProposable(value) ? value : null;
}

export async function writeLoginName(
  environment: Environment,
  origin: string,
  username: string,
): Promise<void> {
  const name = nameFor(origin);
  if (!isProposable(username) || (await readSettings(environment))[name] === username) return;
  await writeSetting(environment, name, username);
}

function isProposable(username: string): boolean {
  return username.length <= MAX_LENGTH && !hasUnprintable(username);
}

/** Where somebody has been is nobody's business: only a hash is kept. */
function nameFor(origin: string): string {
  return `login.${createHash('sha256').update(origin).digest('hex')}`;
}
