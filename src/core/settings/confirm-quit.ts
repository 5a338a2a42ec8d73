import { fail } from '../errors/index.js';
import type { Environment } from '../places/index.js';
import { readSettings, settingsPath } from './settings-file.js';

const NAME = 'confirm-quit';
const VARIABLE = 'VMNETX_CONFIRM';

/**
 * Whether the user is asked before what a guest did is lost: by `VMNETX_CONFIRM`, 0 or 1, else by the
 * setting `confirm-quit`; yes where neither says anything.
 *
 * @throws VmnetxError `settings-malformed`, `host-…`
 */
export async function readConfirmQuit(environment: Environment): Promise<boolean> {
  const wanted = environment[VARIABLE];
  if (wanted === '0' || wanted === '1') return wanted === '1';
  const value = (await readSettings(environment))[NAME] ?? true;
  if (typeof value === 'boolean') return value;
  const reason = `“${NAME}” is neither true nor false`;
  throw fail('settings-malformed', { path: settingsPath(environment), reason });
}
