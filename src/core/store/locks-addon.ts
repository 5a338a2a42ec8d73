import { createRequire } from 'node:module';
import { fail } from '../errors/index.js';
import { withinProgram } from '../places/index.js';

/** The face of `native/locks`: flock(2), which Node.js does not have. */
export interface LocksAddon {
  /** Never waits. Returns 0 when the open file has the lock, else the errno. */
  readonly lock: (file: number, exclusive: boolean) => number;
}

const ADDON = 'native/locks/build/Release/locks.node';

/**
 * Loads the addon.
 *
 * @throws VmnetxError `host-not-built` when it is not there or of another build
 */
export function loadLocks(path = withinProgram(ADDON)): LocksAddon {
  let loaded: unknown;
  try {
    loaded = createRequire(import.meta.url)(path);
  } catch (error) {
    const detail = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw fail('host-not-built', { part: ADDON }, { cause: error, detail });
  }
  if (!isLocksAddon(loaded)) throw fail('host-not-built', { part: ADDON });
  return loaded;
}

function isLocksAddon(value: unknown): value is LocksAddon {
  return (
    typeof value === 'object' &&
    value !== null &&
    'lock' in value &&
    typeof value.lock === 'function'
  );
}
