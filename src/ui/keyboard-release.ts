import { Gdk, type Widget } from './gtk.js';

const CONTROL: readonly number[] = [Gdk.KEY_Control_L, Gdk.KEY_Control_R];
const ALT: readonly number[] = [Gdk.KEY_Alt_L, Gdk.KEY_Alt_R];

/**
 * Tells when Ctrl and Alt were pressed together and let go again. With another key meanwhile they are the
 * guest's.
 *
 * @param screen one that keeps the keyboard, and has seen all of these keys by then
 */
export function onRelease(screen: Widget, act: () => void): void {
  const held = new Set<number>();
  const forget = (): boolean => {
    held.clear();
    return false;
  };
  screen.on('key-press-event', ({ keyval }) => {
    if (CONTROL.includes(keyval) || ALT.includes(keyval)) held.add(keyval);
    else forget();
    return false;
  });
  screen.on('key-release-event', () => {
    const both = [CONTROL, ALT].every((keys) => keys.some((key) => held.has(key)));
    if (both) setImmediate(act);
    return forget();
  });
  screen.on('focus-out-event', forget);
}

/** The way back: Escape, anywhere in a bar. */
export function onReturn(bar: Widget, act: () => void): void {
  bar.on('key-press-event', ({ keyval }) => {
    if (keyval === Gdk.KEY_Escape) act();
    return keyval === Gdk.KEY_Escape;
  });
}
