import { bad, good, unknown, type Check, type Finding, type Host } from '../check.js';
import { installAdvice, type Part } from '../distribution.js';
import { runProgram } from '../run-program.js';

/** Whether a library of the window can be loaded; in a process of its own, as it may crash. */
function library(id: Part & ('gtk' | 'gtk-vnc'), title: string, meaning: string): Check {
  return {
    id,
    title,
    needed: true,
    examine: async (host, signal): Promise<Finding> => {
      const ending = await tryPart(id, host, signal);
      if (ending.kind === 'done' && ending.status === 0) return good('It can be loaded.', meaning);
      const found =
        ending.kind === 'crashed'
          ? `It crashes when it is loaded (${ending.signal}).`
          : 'It, or its description for other languages (GObject introspection), is not installed.';
      return bad(found, meaning, installAdvice(host.distribution, id));
    },
  };
}

export const gtk = library('gtk', 'Window (GTK 3)', 'Machines are shown in a window of GTK 3.');

export const gtkVnc = library(
  'gtk-vnc',
  'Screen in the window (gtk-vnc)',
  'gtk-vnc draws the machine’s screen in the window.',
);

/** Whether a window can be opened. */
export const display: Check = {
  id: 'display',
  title: 'Desktop',
  needed: true,
  examine: async (host, signal) => {
    const meaning = 'Machines are shown in a window on the desktop.';
    // Root is refused before anything of a desktop is touched.
    if (host.userId === 0) return unknown('Nothing of a desktop is touched as root.', meaning);
    const { WAYLAND_DISPLAY: wayland = '', DISPLAY: x11 = '' } = host.environment;
    if (wayland === '' && x11 === '') {
      return bad(
        'There is none: neither WAYLAND_DISPLAY nor DISPLAY is set.',
        meaning,
        'Log in to a desktop session. The commands “info” and “mount” work without one.',
      );
    }
    const ending = await tryPart('display', host, signal);
    if (ending.kind === 'done' && ending.status === 0) {
      return good(`It can be opened (${wayland === '' ? 'X11' : 'Wayland'}).`, meaning);
    }
    return bad(
      'It cannot be opened.',
      meaning,
      'See that WAYLAND_DISPLAY or DISPLAY names the desktop that you are logged in to.',
    );
  },
};

function tryPart(part: string, { windowTrial, environment }: Host, signal: AbortSignal) {
  return runProgram(process.execPath, [windowTrial, part], environment, signal);
}
