import { Gtk, type Button, type Label, type Overlay } from './gtk.js';
import { iconButton } from './icon-button.js';
import { translate } from './translate.js';

const SHOWN_MILLISECONDS = 6000;

/** Something that may be done about what a toast says. */
export interface ToastButton {
  readonly label: string;
  readonly onClick: () => void;
}

/** Says for some seconds, above what the window shows, that something was done. */
export class Toast {
  readonly #revealer = new Gtk.Revealer({
    transitionType: Gtk.RevealerTransitionType.CROSSFADE,
    halign: Gtk.Align.CENTER,
    valign: Gtk.Align.END,
    marginBottom: 24,
    noShowAll: true,
  });
  readonly #text: Label = new Gtk.Label({ wrap: true, maxWidthChars: 48 });
  readonly #button: Button = new Gtk.Button({ focusOnClick: false });
  #onClick: (() => void) | null = null;
  #end: NodeJS.Timeout | null = null;

  constructor(overlay: Overlay) {
    const row = new Gtk.Box({ spacing: 12, margin: 6 });
    const close = iconButton('window-close-symbolic', translate('Dismiss')).on('clicked', () => {
      this.#hide();
    });
    close.setRelief(Gtk.ReliefStyle.NONE);
    this.#button.on('clicked', () => {
      this.#hide();
      this.#onClick?.();
    });
    row.packStart(this.#text, true, true, 6);
    row.packStart(this.#button, false, false, 0);
    row.packStart(close, false, false, 0);
    const frame = new Gtk.Frame();
    frame.getStyleContext().addClass('app-notification');
    frame.add(row);
    frame.showAll();
    this.#revealer.add(frame);
    overlay.addOverlay(this.#revealer);
    this.#revealer.on('destroy', () => {
      this.#stopWaiting();
    });
  }

  /** In the place of what was said before. */
  show(text: string, button: ToastButton | null): void {
    this.#text.setText(text);
    this.#button.setVisible(button !== null);
    this.#button.setLabel(button?.label ?? '');
    this.#onClick = button?.onClick ?? null;
    this.#revealer.show();
    this.#revealer.setRevealChild(true);
    this.#stopWaiting();
    this.#end = setTimeout(() => {
      this.#hide();
    }, SHOWN_MILLISECONDS);
  }

  #hide(): void {
    this.#stopWaiting();
    this.#revealer.setRevealChild(false);
    this.#revealer.hide();
  }

  /** It does not go by itself any more. */
  #stopWaiting(): void {
    if (this.#end !== null) clearTimeout(this.#end);
    this.#end = null;
  }
}
