import { Gtk, type Button, type HeaderBar, type Window } from './gtk.js';
import { iconButton } from './icon-button.js';
import { MachineMenu, type MachineActions } from './machine-menu.js';
import { titleButtons } from './title-buttons.js';

/** The window's title bar: the machine's name, Restart, Network, a menu, and Quit in the place of Close. */
export class Header {
  readonly widget: HeaderBar;
  readonly #restart: Button;
  readonly #network: Button;
  #menu: MachineMenu | null = null;

  constructor(window: Window, quit: () => void) {
    this.widget = new Gtk.HeaderBar({ hasSubtitle: false });
    this.#restart = iconButton('system-reboot-symbolic', 'Restart');
    this.#restart.setSensitive(false);
    this.#network = iconButton('network-wired-symbolic', 'Network…');
    this.#network.setSensitive(false);
    const { left, right } = titleButtons(window, quit);
    this.widget.packStart(left);
    this.widget.packStart(this.#restart);
    this.widget.packEnd(right);
    this.widget.packEnd(this.#network);
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

  onNetwork(ask: () => void): void {
    this.#network.on('clicked', ask);
  }

  /** Puts a menu of what can be asked of the machine beside the other buttons. */
  addMenu(actions: MachineActions): void {
    this.#menu = new MachineMenu(actions);
    this.#menu.widget.showAll();
    this.widget.packEnd(this.#menu.widget);
  }

  /** Whether there is something to be asked about the machine's network. */
  setNetworkable(networkable: boolean): void {
    this.#network.setSensitive(networkable);
  }

  /** Whether the machine runs: only then can anything be asked of it. */
  setRunning(running: boolean): void {
    this.#restart.setSensitive(running);
    this.#menu?.setSensitive(running);
  }
}
