import { Gtk, type Widget, type Window } from './gtk.js';
import { SHORTCUTS } from './shortcuts.js';
import { translate } from './translate.js';

/** Keys that gtk-vnc knows, besides those of the window. */
const OF_THE_SCREEN = [
  { accelerator: '<Primary><Alt>', title: translate('Release pointer and keyboard') },
];

/** Shows all keys that do not go to the guest. */
export function showShortcuts(window: Window): void {
  const group = new Gtk.ShortcutsGroup({ title: translate('Machine'), visible: true });
  for (const { accelerator, title } of [...SHORTCUTS, ...OF_THE_SCREEN]) {
    group.add(new Gtk.ShortcutsShortcut({ accelerator, title, visible: true }));
  }
  const section = new Gtk.ShortcutsSection({ sectionName: 'shortcuts', visible: true });
  section.add(group);
  const shown = new Gtk.ShortcutsWindow({ transientFor: window, modal: true });
  shown.add(section);
  nameSearch(shown.getTitlebar());
  shown.present();
}

/** GTK's own button for it has no name that a screen reader could say. */
function nameSearch(titlebar: Widget | null): void {
  if (!(titlebar instanceof Gtk.HeaderBar)) return;
  for (const button of titlebar.getChildren()) {
    if (button instanceof Gtk.ToggleButton) button.getAccessible().setName(translate('Search'));
  }
}
