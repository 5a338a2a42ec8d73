import { homedir } from 'node:os';
import { GLib, Gtk, type Window } from '../gtk.js';
import { translate } from '../translate.js';

const ACCEPT: number = Gtk.ResponseType.ACCEPT;

/** Asks for a name and a folder; whoever cancels is asked no more. */
export function askWhereToSave(window: Window, save: (path: string) => void): void {
  const chooser = new Gtk.FileChooserDialog({
    title: translate('Save Log'),
    action: Gtk.FileChooserAction.SAVE,
    transientFor: window,
    modal: true,
    doOverwriteConfirmation: true,
  });
  chooser.addButton(translate('Cancel'), Gtk.ResponseType.CANCEL);
  const button = chooser.addButton(translate('Save'), Gtk.ResponseType.ACCEPT);
  button.getStyleContext().addClass('suggested-action');
  chooser.setDefaultResponse(Gtk.ResponseType.ACCEPT);
  const documents = GLib.getUserSpecialDir(GLib.UserDirectory.DIRECTORY_DOCUMENTS);
  chooser.setCurrentFolder(documents ?? homedir());
  chooser.setCurrentName('vmnetx.log');
  chooser.on('response', (response) => {
    const path = response === ACCEPT ? chooser.getFilename() : null;
    chooser.destroy();
    if (path !== null) save(path);
  });
  chooser.show();
}
