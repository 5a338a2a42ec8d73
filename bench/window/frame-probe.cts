/**
 * Loaded before the program by NODE_OPTIONS=--require: has its window drawn anew, the whole of it, as often
 * as GTK can, and writes down when each picture was done: process.hrtime() in nanoseconds, one a line, into
 * the file that VMNETX_BENCH_FRAMES names.
 */
import fs = require('node:fs');

const LOOK_MILLISECONDS = 50;

/** The processes that the window starts are loaded with this, too. */
const file =
  process.argv[1]?.endsWith('/launcher.cjs') === true
    ? process.env['VMNETX_BENCH_FRAMES']
    : undefined;
if (file !== undefined) {
  const frames = fs.createWriteStream(file);
  // GTK is loaded by the program, at its own time.
  const look = setInterval(() => {
    void begin(frames).then((begun) => {
      if (begun) clearInterval(look);
    });
  }, LOOK_MILLISECONDS);
}

async function begin(frames: fs.WriteStream): Promise<boolean> {
  const { Gtk } = await import('../../src/ui/gtk.js');
  const window = Gtk.Window.listToplevels().find((one) => one.getMapped());
  const clock = window?.getFrameClock();
  if (window === undefined || clock === undefined || clock === null) return false;
  window.addTickCallback(() => {
    window.queueDraw();
    return true;
  });
  clock.on('after-paint', () => void frames.write(`${process.hrtime.bigint()}\n`));
  return true;
}
