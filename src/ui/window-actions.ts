import { Gio, GLib, type SimpleAction, type Window } from './gtk.js';

/** Everything that a person can have the window do, whether by a menu, a button or a key. */
export type ActionName =
  | 'restart'
  | 'shut-down'
  | 'reset'
  | 'power-off'
  | 'mute'
  | 'send-keys'
  | 'take-screenshot'
  | 'copy-screenshot'
  | 'full-screen'
  | 'activity'
  | 'log'
  | 'keyboard-shortcuts'
  | 'about';

/** What menus put before an action's name. */
const GROUP = 'window';
const TEXT = 's';

/** The window's actions: each is done at one place, and can be switched off for a time. */
export class WindowActions {
  readonly #group = new Gio.SimpleActionGroup();
  readonly #actions = new Map<ActionName, SimpleAction>();

  constructor(window: Window) {
    window.insertActionGroup(GROUP, this.#group);
  }

  /**
   * How menus call an action.
   *
   * @param target which of several, for an action of {@link addChoice}
   */
  static nameInMenu(name: ActionName, target: string | null = null): string {
    return target === null ? `${GROUP}.${name}` : `${GROUP}.${name}::${target}`;
  }

  add(name: ActionName, activate: () => void): void {
    const action = new Gio.SimpleAction({ name });
    action.on('activate', activate);
    this.#add(name, action);
  }

  /** An action that is told which of several things it is about. */
  addChoice(name: ActionName, activate: (target: string) => void): void {
    const action = Gio.SimpleAction.new(name, GLib.VariantType.new(TEXT));
    action.on('activate', (target) => {
      if (target !== null) activate(target.getString()[0]);
    });
    this.#add(name, action);
  }

  /** An action that is on or off; what changes that is {@link setOn} alone. */
  addSwitch(name: ActionName, activate: () => void): void {
    const off = GLib.Variant.newBoolean(false);
    const action = Gio.SimpleAction.newStateful(name, null, off);
    action.on('activate', activate);
    // Without a listener it would be on as soon as somebody wants it to be.
    action.on('change-state', () => undefined);
    this.#add(name, action);
  }

  setOn(name: ActionName, on: boolean): void {
    this.#actions.get(name)?.setState(GLib.Variant.newBoolean(on));
  }

  setEnabled(enabled: boolean, ...names: readonly ActionName[]): void {
    for (const name of names) this.#actions.get(name)?.setEnabled(enabled);
  }

  /** Does it, unless it is switched off; returns whether there is such an action. */
  activate(name: ActionName): boolean {
    const action = this.#actions.get(name);
    if (action?.getEnabled() === true) action.activate(null);
    return action !== undefined;
  }

  #add(name: ActionName, action: SimpleAction): void {
    this.#group.addAction(action);
    this.#actions.set(name, action);
  }
}
