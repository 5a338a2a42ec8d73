import { APPLICATION_ID } from './gtk-loop.js';
import { Gtk, type Window } from './gtk.js';
import { translate } from './translate.js';

/** @param version of the program */
export function showAbout(window: Window, version: string): void {
  const dialog = new Gtk.AboutDialog({
    transientFor: window,
    modal: true,
    programName: 'VMNetX',
    version,
    comments: translate('Virtual machines that run straight from a web server'),
    licenseType: Gtk.License.GPL_2_0,
    logoIconName: APPLICATION_ID,
  });
  dialog.on('response', () => {
    dialog.destroy();
  });
  dialog.present();
  // On the name, which can be selected, it would be a cursor to type at.
  dialog.setFocus(null);
}
