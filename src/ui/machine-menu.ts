import { Gtk, type Widget } from './gtk.js';

/** What can be asked of a machine that runs. */
export interface MachineActions {
  readonly shutDown: () => void;
  readonly reset: () => void;
  readonly powerOff: () => void;
}

/** A button of the header bar with what its machine's own buttons would do. */
export class MachineMenu {
  readonly widget: Widget;
  readonly #popover = new Gtk.Popover();

  constructor(actions: MachineActions) {
    const column = new Gtk.Box({ orientation: Gtk.Orientation.VERTICAL, margin: 6 });
    const add = (text: string, action: () => void): void => {
      const item = new Gtk.ModelButton({ text });
      item.on('clicked', action);
      column.packStart(item, false, false, 0);
    };
    add('Shut Down', actions.shutDown);
    add('Reset', actions.reset);
    add('Power Off', actions.powerOff);
    column.showAll();
    this.#popover.add(column);
    const button = new Gtk.MenuButton({
      image: new Gtk.Image({ iconName: 'open-menu-symbolic', iconSize: Gtk.IconSize.BUTTON }),
      tooltipText: 'Machine',
      popover: this.#popover,
      sensitive: false,
      // The keyboard stays with the guest's screen.
      focusOnClick: false,
    });
    button.getAccessible().setName('Machine');
    this.widget = button;
  }

  setSensitive(sensitive: boolean): void {
    if (!sensitive) this.#popover.popdown();
    this.widget.setSensitive(sensitive);
  }
}
