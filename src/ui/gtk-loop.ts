import { start as joinLoops } from 'node-gtk/lib/loop.js';
import { GLib, Gtk } from './gtk.js';

/** The application's identity on the desktop: name of its icon and of its desktop entry. */
export const APPLICATION_ID = 'org.vmnetx.VMNetX';

/** Long, as nothing is to be done then; in milliseconds. */
const KEPT_ALIVE = 3_600_000;
/** Where libuv's source can be after the one that was added last: node-gtk adds only one. */
const SOURCES_TO_LOOK_AT = 8;

/** Connects to the display, silently. Returns whether there is one. */
export function openDisplay(): boolean {
  // Before GTK starts: on X11 and Wayland the window takes its application id from it.
  GLib.setPrgname(APPLICATION_ID);
  GLib.setApplicationName('VMNetX');
  const [opened] = Gtk.initCheck(null);
  return opened;
}

/**
 * Runs GTK's main loop with Node's inside it until `program` is done, then ends the process with the
 * status that it gives. Must be called from the top level of a CommonJS script: entered from an
 * evaluating ES module or from a timer, timers that exist already would never fire.
 */
export function runInsideLoop(
  program: () => Promise<number>,
  whenLost: (thrown: unknown) => never,
) {
  joinKeepingTimers();
  process.on('unhandledRejection', whenLost);
  process.on('uncaughtException', whenLost);
  const context = GLib.MainContext.default();
  const done = new AbortController();
  program().then((status) => {
    process.exitCode = status;
    done.abort();
    // This may come while a turn is about to wait.
    context.wakeup();
  }, whenLost);
  // With no work of its own, node-gtk's source does not listen to libuv, and a signal would not be heard.
  const alive = setInterval(() => undefined, KEPT_ALIVE);
  // A call for each turn: in every turn node-gtk leaves a few of V8's handles, which are given up when
  // the call from JavaScript returns. Gtk.main() would return at the end only.
  while (!done.signal.aborted) context.iteration(true);
  clearInterval(alive);
  process.exit();
}

/**
 * Lets GLib's loop drive libuv's. node-gtk replaces the global timers by wrappers that break
 * util.promisify and exit on an exception, so they are put back. Its source comes with GLib's default
 * priority, ahead of GTK's drawing: busy sockets would stop the picture. It gets the priority of idle
 * work, behind drawing.
 */
function joinKeepingTimers(): void {
  const { setTimeout, setInterval, setImmediate } = globalThis;
  const nextTick = process.nextTick.bind(process);
  const context = GLib.MainContext.default();
  const last = GLib.idleAdd(GLib.PRIORITY_DEFAULT_IDLE, () => false);

  joinLoops();

  Object.assign(globalThis, { setTimeout, setInterval, setImmediate });
  process.nextTick = nextTick;
  for (let id = last + 1; id <= last + SOURCES_TO_LOOK_AT; id++) {
    sourceOf(context, id)?.setPriority(GLib.PRIORITY_DEFAULT_IDLE);
  }
}

/** The generated types do not know that a source may be missing. */
function sourceOf(
  context: InstanceType<typeof GLib.MainContext>,
  id: number,
): InstanceType<typeof GLib.Source> | null {
  return context.findSourceById(id);
}
