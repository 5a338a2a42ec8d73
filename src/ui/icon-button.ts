import { Gtk, type Button } from './gtk.js';

/** A button of the header bar that shows only an icon; its name is for pointers and screen readers. */
export function iconButton(iconName: string, name: string): Button {
  const button = new Gtk.Button({
    image: new Gtk.Image({ iconName, iconSize: Gtk.IconSize.BUTTON }),
    tooltipText: name,
    // The keyboard stays with the guest's screen.
    focusOnClick: false,
  });
  button.getAccessible().setName(name);
  return button;
}
