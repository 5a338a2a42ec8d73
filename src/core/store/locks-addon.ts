import { loadNative } from '../places/index.js';

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
export function loadLocks(path?: string): LocksAddon {
  return loadNative(ADDON, isLocksAddon, path);
}

function isLocksAddon(value: unknown): value is LocksAddon {
  return (
    typeof value === 'object' &&
    value !== null &&
    'lock' in value &&
    typeof value.lock === 'function'
  );
}
