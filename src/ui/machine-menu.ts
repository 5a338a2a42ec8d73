import { Gio, Gtk, type Widget } from './gtk.js';
import { GUEST_KEYS } from './guest-keys.js';
import { FIT, ORIGINAL_SIZE } from './scaling-actions.js';
import { translate } from './translate.js';
import { WindowActions, type ActionName } from './window-actions.js';

type Menu = InstanceType<typeof Gio.Menu>;
type Item = readonly [label: string, action: ActionName, target?: string];

const KEYS: readonly (readonly Item[])[] = GUEST_KEYS.map((group) =>
  group.map(({ label }) => [label, 'send-keys', label]),
);

/** What can be asked of the machine, of its screen, and of the window. */
const MACHINE: readonly Item[] = [
  [translate('Restart'), 'restart'],
  [translate('Shut Down'), 'shut-down'],
  [translate('Reset'), 'reset'],
  [translate('Power Off'), 'power-off'],
];
const SCREEN: readonly Item[] = [
  [translate('Take Screenshot'), 'take-screenshot'],
  [translate('Copy Screenshot'), 'copy-screenshot'],
  [translate('Full Screen'), 'full-screen'],
  [translate('Mute'), 'mute'],
];
const LOOKING: readonly Item[] = [
  [translate('Activity'), 'activity'],
  [translate('Log'), 'log'],
];
const SCALING: readonly (readonly Item[])[] = [
  [
    [translate('Fit to Window'), 'scaling', FIT],
    [translate('Original Size'), 'scaling', ORIGINAL_SIZE],
  ],
  [
    [translate('Zoom In'), 'zoom-in'],
    [translate('Zoom Out'), 'zoom-out'],
  ],
  [
    [translate('Smooth Scaling'), 'smooth-scaling'],
    [translate('Resize Window to Guest'), 'resize-window'],
  ],
];
const WINDOW: readonly Item[] = [
  [translate('Keyboard Shortcuts'), 'keyboard-shortcuts'],
  [translate('About VMNetX'), 'about'],
];

/** A button with a menu of all that can be done. What makes no sense at the moment is grey. */
export class MachineMenu {
  readonly widget: Widget;
  readonly #popover: InstanceType<typeof Gtk.Popover> | null;

  constructor() {
    const button = new Gtk.MenuButton({
      image: new Gtk.Image({ iconName: 'open-menu-symbolic', iconSize: Gtk.IconSize.BUTTON }),
      tooltipText: translate('Machine'),
      usePopover: true,
      menuModel: wholeMenu(),
      // The keyboard stays with the guest's screen.
      focusOnClick: false,
    });
    button.getAccessible().setName(translate('Machine'));
    this.widget = button;
    this.#popover = button.getPopover();
  }

  /** Whether a person looks at it. */
  get isOpen(): boolean {
    return this.#popover?.getVisible() === true;
  }

  focus(): void {
    this.widget.grabFocus();
  }

  close(): void {
    this.#popover?.popdown();
  }
}

function wholeMenu(): Menu {
  const menu = new Gio.Menu();
  const screen = sectionOf(SCREEN);
  screen.prependSubmenu(translate('Send Keys'), menuOf(KEYS));
  screen.appendSubmenu(translate('Scaling'), menuOf(SCALING));
  menu.appendSection(null, sectionOf(MACHINE));
  menu.appendSection(null, screen);
  menu.appendSection(null, sectionOf(LOOKING));
  menu.appendSection(null, sectionOf(WINDOW));
  return menu;
}

function menuOf(sections: readonly (readonly Item[])[]): Menu {
  const menu = new Gio.Menu();
  for (const items of sections) menu.appendSection(null, sectionOf(items));
  return menu;
}

function sectionOf(items: readonly Item[]): Menu {
  const section = new Gio.Menu();
  for (const [label, action, target] of items) {
    section.append(label, WindowActions.nameInMenu(action, target));
  }
  return section;
}
