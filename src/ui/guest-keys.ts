import { Gdk } from './gtk.js';
import { translate } from './translate.js';

/** Keys that this computer's desktop keeps for itself, or that end up in the window. */
export interface GuestKeys {
  /** As people write them, and as their keyboard does. */
  readonly label: string;
  /** X11's numbers, in the order in which they are pressed. */
  readonly keys: readonly number[];
}

const { KEY_Control_L: CTRL, KEY_Alt_L: ALT } = Gdk;
const FUNCTION_KEYS = 12;

/** What the menu offers to send to the guest. */
export const GUEST_KEYS: readonly (readonly GuestKeys[])[] = [
  [
    { label: translate('Ctrl+Alt+Delete'), keys: [CTRL, ALT, Gdk.KEY_Delete] },
    { label: translate('Ctrl+Alt+Backspace'), keys: [CTRL, ALT, Gdk.KEY_BackSpace] },
    { label: translate('Print'), keys: [Gdk.KEY_Print] },
    { label: 'F11', keys: [Gdk.KEY_F11] },
    { label: 'F12', keys: [Gdk.KEY_F12] },
  ],
  Array.from({ length: FUNCTION_KEYS }, (_, index) => ({
    label: translate('Ctrl+Alt+F{number}', { number: index + 1 }),
    keys: [CTRL, ALT, Gdk.KEY_F1 + index],
  })),
];

/** The keys of a label of {@link GUEST_KEYS}; none for another. */
export function keysOf(label: string): readonly number[] {
  return GUEST_KEYS.flat().find((keys) => keys.label === label)?.keys ?? [];
}
