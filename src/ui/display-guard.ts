import { loadNative } from '../core/places/index.js';

/**
 * The face of `native/display-guard`. GtkVnc crashes or hangs at some of what a QEMU that was taken over
 * could say; so it is told only what QEMU says to show a screen.
 */
export interface DisplayGuard {
  /**
   * A new connection to the VNC server at a unix socket: a file descriptor that is the caller's, or
   * -1 if there are too many. Never waits: if there is no server the connection ends at once, as it
   * does when the server says something else.
   *
   * @param mostMotions of the pointer in a second, more of which become fewer; 0: as many as there are
   */
  readonly connect: (path: string, mostMotions: number) => number;
}

const ADDON = 'native/display-guard/build/Release/display-guard.node';

/**
 * Loads the addon.
 *
 * @throws VmnetxError `host-not-built` when it is not there or of another build
 */
export function loadDisplayGuard(): DisplayGuard {
  return loadNative(ADDON, isDisplayGuard);
}

function isDisplayGuard(value: unknown): value is DisplayGuard {
  return (
    typeof value === 'object' &&
    value !== null &&
    'connect' in value &&
    typeof value.connect === 'function'
  );
}
