import type { Button, Widget } from '../gtk.js';
import type { Page } from './page.js';
import { StatusPage } from './status-page.js';

/** Shown after the guest has shut itself down. */
export class EndedPage implements Page {
  readonly name = 'ended';
  readonly widget: Widget;
  readonly #startAgain: Button;

  constructor(actions: { readonly startAgain: () => void; readonly quit: () => void }) {
    const page = new StatusPage('system-shutdown-symbolic');
    page.setText('The machine has shut down.', 'It can start again from its original state.');
    page.addButton('Quit', actions.quit);
    this.#startAgain = page.addButton('Start Again', actions.startAgain);
    this.#startAgain.getStyleContext().addClass('suggested-action');
    this.widget = page.widget;
  }

  focus(): void {
    this.#startAgain.grabFocus();
  }
}
