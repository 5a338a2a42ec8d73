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
  | 'scaling'
  | 'zoom-in'
  | 'zoom-out'
  | 'smooth-scaling'
  | 'resize-window'
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

  /**
   * One of several that is on, as menus show; `choose` is what a person asks for.
   *
   * @returns sets which one is on; one that no menu has is none of them
   */
  addRadio(
    name: ActionName,
    first: string,
    choose: (target: string) => void,
  ): (chosen: string) => void {
    const type = GLib.VariantType.new(TEXT);
    const action = Gio.SimpleAction.newStateful(name, type, GLib.Variant.newString(first));
    const set = (chosen: string): void => {
      action.setState(GLib.Variant.newString(chosen));
    };
    action.on('activate', (target) => {
      if (target === null) return;
      const [chosen] = target.getString();
      set(chosen);
      choose(chosen);
    });
    this.#add(name, action);
    return set;
  }

  /** Something that is on or off, as menus show; off at first. `change` is what a person asks for. */
  addSwitch(name: ActionName, change: (on: boolean) => void): void {
    const off = GLib.Variant.newBoolean(false);
    const action = Gio.SimpleAction.newStateful(name, null, off);
    action.on('activate', () => {
      const on = action.getState()?.getBoolean() !== true;
      action.setState(GLib.Variant.newBoolean(on));
      change(on);
    });
    this.#add(name, action);
  }

  /** Shows whether an action of {@link addSwitch} is on. */
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
