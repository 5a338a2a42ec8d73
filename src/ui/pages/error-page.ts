import type { VmnetxError } from '../../core/errors/index.js';
import { copyReport, detailsOf } from '../error-report.js';
import { Gtk, Pango, type Button, type Label, type Widget } from '../gtk.js';
import { translate } from '../translate.js';
import { LogExpander } from './log-expander.js';
import type { Page } from './page.js';
import { StatusPage } from './status-page.js';

/** What the person may ask for after a failure, as far as it can help. */
export interface ErrorPageActions {
  readonly tryAgain: () => void;
  readonly startWithLess: () => void;
  readonly readLog: () => Promise<string>;
  readonly quit: () => void;
}

/** What happened, what to do about it, and the details for whoever is asked for help. */
export class ErrorPage implements Page {
  readonly name = 'error';
  readonly widget: Widget;
  readonly #page = new StatusPage('dialog-error-symbolic');
  readonly #details: Label;
  readonly #expander: InstanceType<typeof Gtk.Expander>;
  readonly #log: LogExpander;
  readonly #quit: Button;
  readonly #copy: Button;
  readonly #tryAgain: Button;
  readonly #startWithLess: Button;
  #error: VmnetxError | null = null;

  constructor(actions: ErrorPageActions) {
    this.#details = new Gtk.Label({
      selectable: true,
      wrap: true,
      wrapMode: Pango.WrapMode.WORD_CHAR,
      maxWidthChars: 60,
      xalign: 0,
      margin: 12,
    });
    this.#details.getStyleContext().addClass('status-details');
    const frame = new Gtk.Frame({ marginTop: 6 });
    frame.add(this.#details);
    this.#expander = new Gtk.Expander({
      label: translate('Details'),
      halign: Gtk.Align.CENTER,
      marginTop: 6,
    });
    this.#expander.add(frame);
    this.#page.addContent(this.#expander);
    this.#log = new LogExpander(actions.readLog);
    this.#page.addContent(this.#log.widget);
    this.#quit = this.#page.addButton(translate('Quit'), actions.quit);
    this.#copy = this.#page.addButton(translate('Copy Details'), () => {
      this.#copyReport();
    });
    this.#tryAgain = this.#page.addButton(translate('Try Again'), actions.tryAgain);
    this.#startWithLess = this.#page.addButton(translate('Start with Less'), actions.startWithLess);
    for (const button of [this.#tryAgain, this.#startWithLess]) {
      button.getStyleContext().addClass('suggested-action');
    }
    this.widget = this.#page.widget;
  }

  show(error: VmnetxError): void {
    this.#page.setText(error.message, error.hint ?? '');
    this.#details.setText(detailsOf(error));
    this.#error = error;
    this.#expander.setExpanded(false);
    this.#log.fold();
    this.#copy.setLabel(translate('Copy Details'));
    this.#tryAgain.setVisible(error.retryable || isLogin(error));
    this.#startWithLess.setVisible(error.code === 'host-too-small');
  }

  focus(): void {
    const remedy = [this.#tryAgain, this.#startWithLess].find((button) => button.getVisible());
    (remedy ?? this.#quit).grabFocus();
  }

  #copyReport(): void {
    if (this.#error === null) return;
    const { message, hint } = this.#error;
    // What to do may be something to type.
    copyReport(this.widget, hint === null ? message : `${message}\n${hint}`, this.#error);
    this.#copy.setLabel(translate('Copied'));
  }
}

/** Who did not log in, or by mistake, may do so now; nothing is gained by trying it unasked. */
function isLogin({ code }: VmnetxError): boolean {
  return code === 'server-login-required' || code === 'server-login-refused';
}
