import type { LoginQuestion } from '../core/login/index.js';
import { Gtk, Pango, type Box, type Label, type Widget } from './gtk.js';
import { translate } from './translate.js';

const TEXT_WIDTH = 46;

/** What a person should know before they log in. What the server says is plain text, and said to be its. */
export class LoginWords {
  readonly widget: Widget;
  readonly #site = wrapped();
  readonly #realm = wrapped();
  readonly #refused = new Remark('dialog-error-symbolic');
  readonly #readable = new Remark('dialog-warning-symbolic');

  constructor() {
    this.#realm.getStyleContext().addClass('dim-label');
    this.#refused.text.getStyleContext().addClass('login-refused');
    const column = new Gtk.Box({ orientation: Gtk.Orientation.VERTICAL, spacing: 12 });
    const parts = [this.#site, this.#realm, this.#refused.widget, this.#readable.widget];
    for (const part of parts) column.packStart(part, false, false, 0);
    column.showAll();
    this.widget = column;
  }

  show(question: LoginQuestion): void {
    const { host, realm, scheme, secure } = question;
    const site = `${secure ? 'https' : 'http'}://${host}`;
    this.#site.setText(translate('{site} asks for a name and a password.', { site }));
    this.#realm.setText(translate('The server says: “{realm}”', { realm }));
    this.#realm.setVisible(realm !== '');
    this.#refused.show(refusalOf(question));
    // Digest does not show the password; Basic without encryption does, to everybody on the way.
    const readable = scheme === 'basic' && !secure;
    this.#readable.show(
      readable
        ? translate('The connection is not encrypted: others can read the password on its way.')
        : '',
    );
  }
}

function refusalOf({ refused, keptRefused }: LoginQuestion): string {
  if (keptRefused) return translate('The remembered password was refused.');
  return refused ? translate('The name or the password is not right.') : '';
}

/** A line with an icon, which goes when there is nothing to say. */
class Remark {
  readonly widget: Box = new Gtk.Box({ spacing: 12 });
  readonly text: Label = wrapped();

  constructor(iconName: string) {
    const iconSize = Gtk.IconSize.BUTTON;
    const icon = new Gtk.Image({ iconName, iconSize, valign: Gtk.Align.START });
    this.widget.packStart(icon, false, false, 0);
    this.widget.packStart(this.text, true, true, 0);
  }

  show(text: string): void {
    this.text.setText(text);
    this.widget.setVisible(text !== '');
  }
}

function wrapped(): Label {
  return new Gtk.Label({
    xalign: 0,
    wrap: true,
    wrapMode: Pango.WrapMode.WORD_CHAR,
    maxWidthChars: TEXT_WIDTH,
  });
}
