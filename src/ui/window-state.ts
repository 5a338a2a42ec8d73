import { Gdk, type Window } from './gtk.js';

export function isMaximized(window: Window): boolean {
  const state = window.getWindow()?.getState() ?? 0;
  return (state & Gdk.WindowState.MAXIMIZED) !== 0;
}
