import { Gdk, Gtk, type Window } from './gtk.js';
import { translate } from './translate.js';
import type { ActionName, WindowActions } from './window-actions.js';

/** A key that belongs to the window, whatever the guest would do with it. */
export interface Shortcut {
  readonly action: ActionName;
  /** As GTK writes it, such as `<Primary>question`. */
  readonly accelerator: string;
  /** What it does, as the list of shortcuts says it. */
  readonly title: string;
}

/** Few, because the guest loses them; all are told by the list of shortcuts. */
export const SHORTCUTS: readonly Shortcut[] = [
  { action: 'full-screen', accelerator: 'F11', title: translate('Full screen') },
  { action: 'take-screenshot', accelerator: 'F12', title: translate('Take a screenshot') },
  {
    action: 'keyboard-shortcuts',
    accelerator: '<Primary>question',
    title: translate('Keyboard shortcuts'),
  },
];

interface Key {
  readonly key: number;
  readonly modifiers: number;
  readonly action: ActionName;
}

/** Does what the keys mean, before the guest's screen can see them. */
export function handleShortcuts(window: Window, actions: WindowActions): void {
  const keys: readonly Key[] = SHORTCUTS.map(({ accelerator, action }) => {
    const [key, modifiers] = Gtk.acceleratorParse(accelerator);
    return { key, modifiers, action };
  });
  const mask = Gtk.acceleratorGetDefaultModMask();
  window.on('key-press-event', ({ keyval, state }) => {
    // Some keyboards need Shift for a sign that others have without.
    const held = state & mask & ~Gdk.ModifierType.SHIFT_MASK;
    const found = keys.find(({ key, modifiers }) => key === keyval && modifiers === held);
    return found !== undefined && actions.activate(found.action);
  });
}
