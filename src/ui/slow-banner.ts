import { Gtk, type Widget } from './gtk.js';
import { iconButton } from './icon-button.js';

/** Says for as long as it is true, unless dismissed, that the machine is emulated in software. */
export class SlowBanner {
  readonly widget: Widget;
  #dismissed = false;

  constructor() {
    const bar = new Gtk.InfoBar({ messageType: Gtk.MessageType.WARNING, noShowAll: true });
    const text = new Gtk.Label({
      label: 'Hardware virtualisation (KVM) is not in use, so the machine runs slowly.',
      wrap: true,
      xalign: 0,
      marginStart: 6,
    });
    // GTK's own close button for info bars has no name that a screen reader could say.
    const dismiss = iconButton('window-close-symbolic', 'Dismiss').on('clicked', () => {
      this.#dismissed = true;
      bar.hide();
    });
    dismiss.setRelief(Gtk.ReliefStyle.NONE);
    dismiss.setValign(Gtk.Align.CENTER);
    const row = new Gtk.Box({ spacing: 12, hexpand: true });
    row.packStart(text, true, true, 0);
    row.packEnd(dismiss, false, false, 0);
    row.showAll();
    bar.getContentArea().add(row);
    this.widget = bar;
  }

  setNeeded(needed: boolean): void {
    this.widget.setVisible(needed && !this.#dismissed);
  }

  /** Height that it takes from the window, in pixels. */
  get height(): number {
    if (!this.widget.getVisible()) return 0;
    const [, natural] = this.widget.getPreferredHeight();
    return natural;
  }
}
