import type { VmnetxError } from '../core/errors/index.js';
import { Gtk, type Widget } from './gtk.js';

/** What whoever is asked for help wants to know: the code, and the detail if there is one. */
export function detailsOf({ code, detail }: VmnetxError): string {
  return detail === null ? code : `${code}\n${detail}`;
}

/**
 * Puts what was said about an error on the clipboard, with the details.
 *
 * @param widget on whose screen that was
 */
export function copyReport(widget: Widget, said: string, error: VmnetxError): void {
  const clipboard = Gtk.Clipboard.getDefault(widget.getDisplay());
  clipboard.setText(`${said}\n${detailsOf(error)}\n`, -1);
}
