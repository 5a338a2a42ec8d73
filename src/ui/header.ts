import { Gtk, type Button, type HeaderBar, type Window } from './gtk.js';
import { iconButton } from './icon-button.js';
import { titleButtons } from './title-buttons.js';

/** The window's title bar: the machine's name, Restart, and Quit in the place of Close. */
export class Header {
  readonly widget: HeaderBar;
  readonly #restart: Button;

  constructor(window: Window, quit: () => void) {
    this.widget = new Gtk.HeaderBar({ hasSubtitle: false });
    this.#restart = iconButton('system-reboot-symbolic', 'Restart');
    this.#restart.setSensitive(false);
    const { left, right } = titleButtons(window, quit);
    this.widget.packStart(left);
    this.widget.packStart(this.#restart);
    this.widget.packEnd(right);
  }

  /** Plain text; a long one is cut with an ellipsis. */
  setTitle(title: string): void {
    this.widget.setTitle(title);
  }

  /** A passing hint below the title, or null for none. */
  setHint(hint: string | null): void {
    this.widget.setSubtitle(hint);
  }

  onRestart(restart: () => void): void {
    this.#restart.on('clicked', restart);
  }

  setRestartable(restartable: boolean): void {
    this.#restart.setSensitive(restartable);
  }
}
