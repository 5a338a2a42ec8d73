import { Gtk, Pango, type Button, type Label, type Widget } from './gtk.js';
import { iconButton } from './icon-button.js';
import { translate } from './translate.js';

/** A bar below the title bar that says something for as long as it is true, in plain text. */
export class Banner {
  readonly widget: Widget;
  readonly #text: Label;

  constructor(...buttons: readonly Button[]) {
    const bar = new Gtk.InfoBar({ messageType: Gtk.MessageType.WARNING, noShowAll: true });
    this.#text = new Gtk.Label({
      wrap: true,
      // What a stranger wrote may be one long word.
      wrapMode: Pango.WrapMode.WORD_CHAR,
      xalign: 0,
      marginStart: 6,
    });
    const row = new Gtk.Box({ spacing: 12, hexpand: true });
    row.packStart(this.#text, true, true, 0);
    for (const button of buttons) {
      button.setValign(Gtk.Align.CENTER);
      row.packStart(button, false, false, 0);
    }
    row.showAll();
    bar.getContentArea().add(row);
    this.widget = bar;
  }

  /** Null takes the banner away. */
  show(text: string | null): void {
    if (text !== null) this.#text.setText(text);
    this.widget.setVisible(text !== null);
  }

  /** Height that it takes from the window, in pixels. */
  get height(): number {
    if (!this.widget.getVisible()) return 0;
    const [, natural] = this.widget.getPreferredHeight();
    return natural;
  }
}

/** A banner that a person can take away: what was dismissed is not said again. */
export class DismissibleBanner extends Banner {
  #said: string | null = null;
  #dismissed: string | null = null;

  /**
   * @param onDismiss a person has taken it away
   * @param buttons to be had besides
   */
  constructor(onDismiss: () => void, ...buttons: readonly Button[]) {
    // GTK's own close button for info bars has no name that a screen reader could say.
    const dismiss = iconButton('window-close-symbolic', translate('Dismiss'));
    dismiss.setRelief(Gtk.ReliefStyle.NONE);
    super(...buttons, dismiss);
    dismiss.on('clicked', () => {
      this.#dismissed = this.#said;
      this.widget.hide();
      onDismiss();
    });
  }

  override show(text: string | null): void {
    this.#said = text;
    super.show(text === this.#dismissed ? null : text);
  }
}
