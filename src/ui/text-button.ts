import { Gtk, type Button } from './gtk.js';

/** A button that leaves the keyboard to the guest's screen when it is clicked. */
export function textButton(label: string, onClick: () => void): Button {
  return new Gtk.Button({ label, focusOnClick: false }).on('clicked', onClick);
}
