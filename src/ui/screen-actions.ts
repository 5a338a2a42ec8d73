import { homedir } from 'node:os';
import { GLib, Gtk, type Window } from './gtk.js';
import { keysOf } from './guest-keys.js';
import type { DisplayPage } from './pages/display-page.js';
import { picturePath } from './picture-file.js';
import { SCALING_ACTIONS } from './scaling-actions.js';
import type { Toast } from './toast.js';
import { translate } from './translate.js';
import type { WindowActions } from './window-actions.js';

/** What makes sense only while there is a screen. */
export const SCREEN_ACTIONS = [
  'send-keys',
  'take-screenshot',
  'copy-screenshot',
  ...SCALING_ACTIONS,
] as const;

export interface Surroundings {
  readonly window: Window;
  readonly toast: Toast;
  readonly machineName: () => string;
}

/** Adds what can be done with the guest's screen and keyboard. */
export function addScreenActions(
  actions: WindowActions,
  display: DisplayPage,
  { window, toast, machineName }: Surroundings,
): void {
  actions.addChoice('send-keys', (label) => {
    display.sendKeys(keysOf(label));
  });
  actions.add('copy-screenshot', () => {
    Gtk.Clipboard.getDefault(window.getDisplay()).setImage(display.picture());
    toast.show(translate('The picture is on the clipboard.'), null);
  });
  actions.add('take-screenshot', () => {
    const path = picturePath(picturesFolder(), machineName(), new Date());
    try {
      display.picture().savev(path, 'png', [], []);
    } catch {
      toast.show(translate('The picture could not be saved as {path}.', { path }), null);
      return;
    }
    const open = (): void => {
      Gtk.showUriOnWindow(window, GLib.filenameToUri(path, null), Gtk.getCurrentEventTime());
    };
    toast.show(translate('The picture was saved.'), { label: translate('Open'), onClick: open });
  });
}

/** Where the desktop has pictures. */
function picturesFolder(): string {
  const folder = GLib.getUserSpecialDir(GLib.UserDirectory.DIRECTORY_PICTURES);
  return folder ?? homedir();
}
