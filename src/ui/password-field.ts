import { Gtk, type Widget } from './gtk.js';
import { translate } from './translate.js';

type Entry = InstanceType<typeof Gtk.Entry>;

export interface PasswordField {
  readonly widget: Widget;
  readonly entry: Entry;
  /** Forgets what was typed, and hides what will be. */
  readonly clear: () => void;
}

/** An entry for a password, and a button beside it that shows what was typed. */
export function passwordField(): PasswordField {
  const entry = new Gtk.Entry({
    visibility: false,
    inputPurpose: Gtk.InputPurpose.PASSWORD,
    hexpand: true,
  });
  const icon = new Gtk.Image();
  const reveal = new Gtk.ToggleButton({ image: icon, tooltipText: translate('Show Password') });
  reveal.getAccessible().setName(translate('Show Password'));
  const update = (): void => {
    const shown = reveal.getActive();
    entry.setVisibility(shown);
    const iconName = shown ? 'view-conceal-symbolic' : 'view-reveal-symbolic';
    icon.setFromIconName(iconName, Gtk.IconSize.BUTTON);
  };
  reveal.on('toggled', update);
  update();
  const row = new Gtk.Box({ hexpand: true });
  row.getStyleContext().addClass('linked');
  row.packStart(entry, true, true, 0);
  row.packStart(reveal, false, false, 0);
  const clear = (): void => {
    entry.setText('');
    reveal.setActive(false);
  };
  return { widget: row, entry, clear };
}
