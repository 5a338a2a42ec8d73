import type { Ending } from '../../core/session/index.js';
import type { Button, Widget } from '../gtk.js';
import { translate } from '../translate.js';
import type { Page } from './page.js';
import { StatusPage } from './status-page.js';

const TITLES: Readonly<Record<Ending, string>> = {
  'shut-down': translate('The machine has shut down.'),
  'powered-off': translate('The machine is switched off.'),
  stopped: translate('The machine was stopped by another program.'),
  closed: translate('The machine is closed.'),
};
const DESCRIPTION = translate('It can start again from its original state.');

/** Shown after a machine has ended as machines do. */
export class EndedPage implements Page {
  readonly name = 'ended';
  readonly widget: Widget;
  readonly #page = new StatusPage('system-shutdown-symbolic');
  readonly #startAgain: Button;

  constructor(actions: { readonly startAgain: () => void; readonly quit: () => void }) {
    this.#page.addButton(translate('Close'), actions.quit);
    this.#startAgain = this.#page.addButton(translate('Start Again'), actions.startAgain);
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
