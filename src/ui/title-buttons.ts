import { Gtk, type Box, type Button, type Window } from './gtk.js';
import { iconButton } from './icon-button.js';
import { translate } from './translate.js';
import { isMaximized } from './window-state.js';

/**
 * The buttons that the desktop wants in a title bar, for its left and its right end, in its order.
 * Made here because GTK's own Close has no other name: closing this window ends a machine, and
 * the button says so.
 */
export function titleButtons(
  window: Window,
  quit: () => void,
): { readonly left: Box; readonly right: Box } {
  const layout = Gtk.Settings.getDefault()?.gtkDecorationLayout ?? ':close';
  const [left = '', right = ''] = layout.split(':');
  return { left: row(left), right: row(right) };

  function row(names: string): Box {
    const box = new Gtk.Box({ spacing: 6 });
    for (const name of names.split(',')) {
      const button = buttonOf(name);
      if (button === null) continue;
      button.getStyleContext().addClass('titlebutton');
      button.getStyleContext().addClass(name);
      // As with GTK's own: the keyboard never starts out on a button that closes the window.
      button.setCanFocus(false);
      button.setValign(Gtk.Align.CENTER);
      box.packStart(button, false, false, 0);
    }
    return box;
  }

  function buttonOf(name: string): Button | null {
    switch (name) {
      case 'close':
        return iconButton('window-close-symbolic', translate('Quit')).on('clicked', quit);
      case 'minimize':
        return iconButton('window-minimize-symbolic', translate('Minimize')).on('clicked', () => {
          window.iconify();
        });
      case 'maximize':
        return iconButton('window-maximize-symbolic', translate('Maximize')).on('clicked', () => {
          if (isMaximized(window)) window.unmaximize();
          else window.maximize();
        });
      default:
        return null;
    }
  }
}
