import { fail } from '../errors/index.js';
import type { Environment } from '../places/index.js';
import { readSettings, settingsPath, writeSetting } from './settings-file.js';
import { parseSize } from './size.js';

const NAME = 'cache.limit';
const VARIABLE = 'VMNETX_CACHE_LIMIT';

/** Where a limit comes from. */
export type LimitSource = 'environment' | 'settings' | 'default';

export interface CacheLimit {
  /** Bytes that fetched data may take; null: what the store thinks fit. */
  readonly bytes: number | null;
  readonly from: LimitSource;
}

/**
 * What fetched data may take: by `VMNETX_CACHE_LIMIT`, else by the setting `cache.limit`.
 *
 * @throws VmnetxError `usage-arguments`, `settings-malformed`, `host-…`
 */
export async function readCacheLimit(environment: Environment): Promise<CacheLimit> {
  const wanted = environment[VARIABLE] ?? '';
  if (wanted !== '') {
    const bytes = parseSize(wanted);
    if (bytes !== null) return { bytes, from: 'environment' };
    const reason = `${VARIABLE} is a size such as 20G`;
    throw fail('usage-arguments', { reason, command: 'vmnetx' });
  }
  const value = (await readSettings(environment))[NAME];
  if (value === undefined) return { bytes: null, from: 'default' };
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) {
    return { bytes: value, from: 'settings' };
  }
  const reason = `“${NAME}” is not a number of bytes`;
  throw fail('settings-malformed', { path: settingsPath(environment), reason });
}

/** @param bytes at least 1; null: the default again */
export function writeCacheLimit(environment: Environment, bytes: number | null): Promise<void> {
  return writeSetting(environment, NAME, bytes);
}
