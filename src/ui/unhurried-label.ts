import { Gtk, type Label } from './gtk.js';

/** What changes faster can neither be read nor listened to; in milliseconds. */
const SHORTEST = 1000;

/**
 * A line of plain text that changes at most once a second, however often it is set; it comes and goes
 * at once, and keeps its room while it is empty.
 */
export class UnhurriedLabel {
  readonly widget: Label;
  #wanted = '';
  #rest: NodeJS.Timeout | null = null;

  constructor() {
    this.widget = new Gtk.Label({ label: '' });
  }

  setText(text: string): void {
    const comesOrGoes = text === '' || this.#wanted === '';
    this.#wanted = text;
    if (comesOrGoes || this.#rest === null) this.#show();
  }

  #show(): void {
    if (this.#rest !== null) clearTimeout(this.#rest);
    this.#rest = null;
    if (this.widget.getText() === this.#wanted) return;
    this.widget.setText(this.#wanted);
    this.#rest = setTimeout(() => {
      this.#rest = null;
      this.#show();
    }, SHORTEST);
  }
}
