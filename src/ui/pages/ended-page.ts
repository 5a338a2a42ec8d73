import type { Ending } from '../../core/session/index.js';
import type { Button, Widget } from '../gtk.js';
import type { Page } from './page.js';
import { StatusPage } from './status-page.js';

const TITLES: Readonly<Record<Ending, string>> = {
  'shut-down': 'The machine has shut down.',
  'powered-off': 'The machine is switched off.',
  stopped: 'The machine was stopped by another program.',
  closed: 'The machine is closed.',
};
const DESCRIPTION = 'It can start again from its original state.';

/** Shown after a machine has ended as machines do. */
export class EndedPage implements Page {
  readonly name = 'ended';
  readonly widget: Widget;
  readonly #page = new StatusPage('system-shutdown-symbolic');
  readonly #startAgain: Button;

  constructor(actions: { readonly startAgain: () => void; readonly quit: () => void }) {
    this.#page.addButton('Quit', actions.quit);
    this.#startAgain = this.#page.addButton('Start Again', actions.startAgain);
    this.#startAgain.getStyleContext().addClass('suggested-action');
    this.widget = this.#page.widget;
  }

  show(how: Ending): void {
    this.#page.setText(TITLES[how], DESCRIPTION);
  }

  focus(): void {
    this.#startAgain.grabFocus();
  }
}
