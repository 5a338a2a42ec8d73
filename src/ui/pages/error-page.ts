import type { VmnetxError } from '../../core/errors/index.js';
import type { Failed } from '../../core/session/index.js';
import { copyReport, detailsOf } from '../error-report.js';
import { translatedError } from '../error-words.js';
import { Gtk, Pango, type Box, type Button, type Label, type Widget } from '../gtk.js';
import { adviceOf } from '../state-words.js';
import { translate } from '../translate.js';
import type { Page } from './page.js';
import { StatusPage } from './status-page.js';

/** In characters; the host that is in a button may be long. */
const LABEL_WIDTH = 40;

/** What the person may ask for after a failure, as far as it can help. */
export interface ErrorPageActions {
  readonly tryAgain: () => void;
  readonly startWithLess: () => void;
  readonly startWithoutSavedState: () => void;
  readonly openAnyway: () => void;
  readonly showLog: () => void;
  readonly quit: () => void;
}

/** A button that is there where it can help. */
interface Remedy {
  readonly button: Button;
  /** It risks nothing, so the keyboard may begin there. */
  readonly isHarmless: boolean;
  readonly helps: (failed: Failed) => boolean;
}

/** What happened, what to do about it, and the details for whoever is asked for help. */
export class ErrorPage implements Page {
  readonly name = 'error';
  readonly widget: Widget;
  readonly #page = new StatusPage('dialog-error-symbolic');
  readonly #details: Label;
  readonly #expander: InstanceType<typeof Gtk.Expander>;
  readonly #quit: Button;
  readonly #copy: Button;
  readonly #openAnyway: Button;
  readonly #remedies: readonly Remedy[];
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
    this.#details.setDirection(Gtk.TextDirection.LTR);
    const frame = new Gtk.Frame({ marginTop: 6 });
    frame.add(this.#details);
    this.#expander = new Gtk.Expander({
      label: translate('Details'),
      halign: Gtk.Align.CENTER,
      marginTop: 6,
    });
    this.#expander.add(frame);
    this.#page.addContent(this.#expander);
    const copy = (): void => {
      this.#copyReport();
    };
    this.#copy = flatButton(translate('Copy Details'), copy);
    this.#page.addContent(row(this.#copy, flatButton(translate('Log'), actions.showLog)));
    this.#quit = this.#page.addButton(translate('Quit'), actions.quit);
    this.#openAnyway = this.#page.addButton('', actions.openAnyway);
    this.#remedies = this.#addRemedies(actions);
    this.widget = this.#page.widget;
  }

  show(failed: Failed): void {
    const { error } = failed;
    this.#page.setText(translatedError(error).message, adviceOf(error) ?? '');
    this.#details.setText(detailsOf(error));
    this.#error = error;
    this.#expander.setExpanded(false);
    this.#copy.setLabel(translate('Copy Details'));
    if (error.host !== null) {
      setLongLabel(this.#openAnyway, translate('Open from {host}', { host: error.host }));
    }
    for (const { button, helps } of this.#remedies) button.setVisible(helps(failed));
  }

  focus(): void {
    const remedy = this.#remedies.find(
      ({ button, isHarmless }) => isHarmless && button.getVisible(),
    );
    (remedy?.button ?? this.#quit).grabFocus();
  }

  /** The first of those that can help has the keyboard. */
  #addRemedies(actions: ErrorPageActions): readonly Remedy[] {
    const add = (label: string, onClick: () => void, helps: Remedy['helps']): Remedy => {
      const button = this.#page.addButton(label, onClick);
      button.getStyleContext().addClass('suggested-action');
      return { button, isHarmless: true, helps };
    };
    this.#openAnyway.getStyleContext().addClass('destructive-action');
    const withoutState = this.#page.addButton(
      translate('Start Without the Saved State'),
      actions.startWithoutSavedState,
    );
    return [
      add(
        translate('Try Again'),
        actions.tryAgain,
        ({ error }) => error.retryable || error.code === 'package-changed' || isLogin(error),
      ),
      add(
        translate('Start with Less'),
        actions.startWithLess,
        ({ error }) => error.code === 'host-too-small',
      ),
      {
        button: withoutState,
        isHarmless: true,
        helps: ({ savedStateSuspected }) => savedStateSuspected,
      },
      {
        button: this.#openAnyway,
        isHarmless: false,
        helps: ({ error }) => error.code === 'network-private-address' && error.host !== null,
      },
    ];
  }

  #copyReport(): void {
    if (this.#error === null) return;
    const { message } = translatedError(this.#error);
    const advice = adviceOf(this.#error);
    // What to do may be something to type.
    copyReport(this.widget, advice === null ? message : `${message}\n${advice}`, this.#error);
    this.#copy.setLabel(translate('Copied'));
  }
}

function flatButton(label: string, onClick: () => void): Button {
  return new Gtk.Button({ label, relief: Gtk.ReliefStyle.NONE }).on('clicked', onClick);
}

/** One that is cut in its middle where it is too long. */
function setLongLabel(button: Button, text: string): void {
  button.setLabel(text);
  const label = button.getChild();
  if (!(label instanceof Gtk.Label)) return;
  label.setEllipsize(Pango.EllipsizeMode.MIDDLE);
  label.setMaxWidthChars(LABEL_WIDTH);
}

function row(...buttons: readonly Button[]): Box {
  const box = new Gtk.Box({ spacing: 6, halign: Gtk.Align.CENTER });
  for (const button of buttons) box.packStart(button, false, false, 0);
  return box;
}

/** Who did not log in, or by mistake, may do so now; nothing is gained by trying it unasked. */
function isLogin({ code }: VmnetxError): boolean {
  return code === 'server-login-required' || code === 'server-login-refused';
}
