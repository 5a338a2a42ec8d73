import { Gtk, type Label, type Widget } from '../gtk.js';
import type { Page } from './page.js';

/** Shown until there is a picture: something is being done, and what. */
export class ConnectingPage implements Page {
  readonly name = 'connecting';
  readonly widget: Widget;
  readonly #step: Label;
  readonly #trouble: Label;

  constructor(step: string) {
    const column = new Gtk.Box({
      orientation: Gtk.Orientation.VERTICAL,
      spacing: 24,
      halign: Gtk.Align.CENTER,
      valign: Gtk.Align.CENTER,
      margin: 36,
    });
    const spinner = new Gtk.Spinner({ active: true, widthRequest: 48, heightRequest: 48 });
    this.#step = new Gtk.Label({ label: step, wrap: true, maxWidthChars: 52 });
    column.packStart(spinner, false, false, 0);
    this.#trouble = new Gtk.Label({
      wrap: true,
      maxWidthChars: 52,
      justify: Gtk.Justification.CENTER,
      noShowAll: true,
    });
    this.#trouble.getStyleContext().addClass('dim-label');
    column.packStart(this.#step, false, false, 0);
    column.packStart(this.#trouble, false, false, 0);
    column.showAll();
    this.widget = column;
  }

  /** @param trouble what keeps it from going on, or empty */
  setStep(step: string, trouble: string): void {
    this.#step.setText(step);
    this.#trouble.setText(trouble);
    this.#trouble.setVisible(trouble !== '');
  }

  focus(): void {
    // There is nothing to choose here.
  }
}
