/**
 * Run by `vmnetx doctor` in a process of its own, as libraries may crash: tries one part of the
 * window, `gtk`, `gtk-vnc` or `display`. Ends with 0 if it works.
 */
async function works(part: string | undefined): Promise<boolean> {
  switch (part) {
    case 'gtk':
      await import('./gtk.js');
      return true;
    case 'gtk-vnc':
      await import('./gtk-vnc.js');
      return true;
    case 'display': {
      const { openDisplay } = await import('./gtk-loop.js');
      return openDisplay();
    }
    case undefined:
    default:
      return false;
  }
}

process.exit((await works(process.argv[2]).catch(() => false)) ? 0 : 1);
