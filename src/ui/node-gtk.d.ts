/** The part of node-gtk that joins libuv's loop to GLib's; the generated types leave it out. */
declare module 'node-gtk/lib/loop.js' {
  /** Makes libuv's loop a source of GLib's main context; wraps the global timers by the way. */
  export function start(): void;
}
