import { Gdk, type Window } from './gtk.js';

/** What X11 calls its displays, such as `:0`; Wayland's have names of sockets. */
const X11_NAME = /^[^/]*:\d+/;

/**
 * A screen on which programs may move the pointer, as gtk-vnc does for a guest that is told only how far it
 * moves: at an edge the pointer would stop. Wayland has none, but the X server for its older programs has.
 *
 * @returns null if the window is on one already, or there is none
 */
export function warpingScreen(window: Window): InstanceType<typeof Gdk.Screen> | null {
  const name = process.env['DISPLAY'];
  if (name === undefined || X11_NAME.test(window.getDisplay().getName())) return null;
  const display = openDisplay(name);
  if (display === null) return null;
  // gtk-vnc has its cursors from there.
  Gdk.DisplayManager.get().setDefaultDisplay(display);
  return display.getDefaultScreen();
}

/** The generated types do not know that there may be no such display. */
function openDisplay(name: string): InstanceType<typeof Gdk.Display> | null {
  return Gdk.Display.open(name);
}
