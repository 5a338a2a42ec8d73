import type { Audibility } from '../core/sound/index.js';
import { Gtk, type Button, type HeaderBar, type Window } from './gtk.js';
import { iconButton } from './icon-button.js';
import { MachineMenu } from './machine-menu.js';
import { SCREEN_ACTIONS } from './screen-actions.js';
import { titleButtons } from './title-buttons.js';
import { translate } from './translate.js';
import { WindowActions } from './window-actions.js';

/** The window's title bar: the machine's name, Restart, Network, a menu, and Quit in the place of Close. */
export class Header {
  readonly widget: HeaderBar;
  readonly #actions: WindowActions;
  readonly #network: Button;
  readonly #menu = new MachineMenu();

  constructor(window: Window, actions: WindowActions, quit: () => void) {
    this.#actions = actions;
    this.widget = new Gtk.HeaderBar({ hasSubtitle: false });
    const restart = iconButton('system-reboot-symbolic', translate('Restart'));
    restart.setActionName(WindowActions.nameInMenu('restart'));
    this.#network = iconButton('network-wired-symbolic', translate('Network…'));
    this.#network.setSensitive(false);
    const { left, right } = titleButtons(window, quit);
    this.widget.packStart(left);
    this.widget.packStart(restart);
    this.widget.packEnd(right);
    this.widget.packEnd(this.#network);
    this.widget.packEnd(this.#menu.widget);
  }

  focus(): void {
    this.#menu.focus();
  }

  /** Plain text; a long one is cut with an ellipsis. */
  setTitle(title: string): void {
    this.widget.setTitle(title);
  }

  /** A passing hint below the title, or null for none. */
  setHint(hint: string | null): void {
    this.widget.setSubtitle(hint);
  }

  onNetwork(ask: () => void): void {
    this.#network.on('clicked', ask);
  }

  /** Whether there is something to be asked about the machine's network. */
  setNetworkable(networkable: boolean): void {
    this.#network.setSensitive(networkable);
  }

  /** Whether the machine runs: only then can anything be asked of it. */
  setRunning(running: boolean): void {
    this.#actions.setEnabled(running, 'restart', 'shut-down', 'reset', 'power-off');
  }

  /** Whether there is a sound to be muted, and whether it is. */
  setSound(sound: Audibility): void {
    this.#actions.setEnabled(sound !== 'none', 'mute');
    this.#actions.setOn('mute', sound === 'muted');
  }

  /** Whether there is a screen to be photographed, and a keyboard. */
  setScreen(there: boolean): void {
    this.#actions.setEnabled(there, ...SCREEN_ACTIONS);
  }
}
