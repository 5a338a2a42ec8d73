import type { LoginAnswer, LoginQuestion } from '../core/login/index.js';
import { Gtk, type Label, type Widget, type Window } from './gtk.js';
import { LoginWords } from './login-words.js';
import { passwordField } from './password-field.js';
import { translate } from './translate.js';

const MARGIN = 18;
const NAME_WIDTH = 26;
const LOG_IN: number = Gtk.ResponseType.OK;

/**
 * Asks for a name and a password. There is one for the life of the window, and it is hidden rather
 * than destroyed: a screen reader may still look at parts of it that have a name.
 */
export class LoginDialog {
  readonly #dialog: InstanceType<typeof Gtk.Dialog>;
  readonly #words = new LoginWords();
  readonly #name = new Gtk.Entry({ hexpand: true, widthChars: NAME_WIDTH });
  readonly #password = passwordField();
  readonly #keep = new Gtk.CheckButton({
    label: translate('_Remember the password'),
    useUnderline: true,
    noShowAll: true,
  });
  #answer: ((answer: LoginAnswer | null) => void) | null = null;

  constructor(window: Window) {
    this.#dialog = new Gtk.Dialog({
      transientFor: window,
      modal: true,
      destroyWithParent: true,
      resizable: false,
      useHeaderBar: 1,
      title: translate('Log In'),
    });
    this.#dialog.addButton(translate('Cancel'), Gtk.ResponseType.CANCEL);
    const logIn = this.#dialog.addButton(translate('Log In'), LOG_IN);
    logIn.getStyleContext().addClass('suggested-action');
    this.#dialog.setDefaultResponse(LOG_IN);
    this.#name.on('changed', () => {
      this.#dialog.setResponseSensitive(LOG_IN, this.#name.getText() !== '');
    });
    // Enter goes on to what is still missing.
    this.#name.on('activate', () => {
      if (this.#password.entry.getText() === '') this.#password.entry.grabFocus();
      else logIn.activate();
    });
    this.#password.entry.setActivatesDefault(true);
    this.#dialog.on('response', (response) => {
      this.#close(response === LOG_IN ? this.#typed : null);
    });
    // Closing it is an answer, and leaves it for the next question.
    this.#dialog.on('delete-event', () => true);

    const column = this.#dialog.getContentArea();
    column.setBorderWidth(MARGIN);
    column.setSpacing(MARGIN);
    column.packStart(this.#words.widget, false, false, 0);
    column.packStart(this.#fields(), false, false, 0);
    column.showAll();
  }

  /**
   * @returns null when the person does not want to log in, or once the signal is aborted
   */
  ask(question: LoginQuestion, signal: AbortSignal): Promise<LoginAnswer | null> {
    if (signal.aborted) return Promise.resolve(null);
    const username = question.username ?? '';
    this.#words.show(question);
    this.#name.setText(username);
    this.#dialog.setResponseSensitive(LOG_IN, username !== '');
    this.#keep.setVisible(question.keepable);
    this.#keep.setActive(question.keepable && question.keep);
    (username === '' ? this.#name : this.#password.entry).grabFocus();
    this.#dialog.present();
    const giveUp = (): void => {
      this.#close(null);
    };
    signal.addEventListener('abort', giveUp);
    return new Promise<LoginAnswer | null>((resolve) => {
      this.#answer = resolve;
    }).finally(() => {
      signal.removeEventListener('abort', giveUp);
    });
  }

  get #typed(): LoginAnswer {
    const credentials = {
      username: this.#name.getText(),
      password: this.#password.entry.getText(),
    };
    return { credentials, keep: this.#keep.getActive() };
  }

  #close(answer: LoginAnswer | null): void {
    this.#dialog.hide();
    this.#password.clear();
    this.#answer?.(answer);
    this.#answer = null;
  }

  #fields(): Widget {
    const { entry, widget } = this.#password;
    this.#name.getAccessible().setName(translate('User'));
    entry.getAccessible().setName(translate('Password'));
    const fields = new Gtk.Grid({ columnSpacing: 12, rowSpacing: 12 });
    fields.attach(labelOf(this.#name, translate('_User')), 0, 0, 1, 1);
    fields.attach(this.#name, 1, 0, 1, 1);
    fields.attach(labelOf(entry, translate('_Password')), 0, 1, 1, 1);
    fields.attach(widget, 1, 1, 1, 1);
    fields.attach(this.#keep, 1, 2, 1, 1);
    return fields;
  }
}

function labelOf(field: Widget, text: string): Label {
  const label = new Gtk.Label({
    label: text,
    useUnderline: true,
    mnemonicWidget: field,
    xalign: 1,
  });
  label.getStyleContext().addClass('dim-label');
  return label;
}
