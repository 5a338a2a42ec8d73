import type { Level } from '../../core/log/index.js';
import { Gtk, type Widget } from '../gtk.js';
import { translate } from '../translate.js';
import type { LogFilter } from './log-lines.js';

const CHOICES: readonly (readonly [least: Level, label: string])[] = [
  ['debug', translate('All entries')],
  ['warning', translate('Warnings and errors')],
  ['error', translate('Errors')],
];

/** Where a person says which lines they want to see. */
export class LogFilterBar {
  readonly widget: Widget;

  constructor(onChange: (filter: LogFilter) => void) {
    const search = new Gtk.SearchEntry({ hexpand: true, placeholderText: translate('Search') });
    search.getAccessible().setName(translate('Search'));
    const levels = new Gtk.ComboBoxText();
    for (const [, label] of CHOICES) levels.appendText(label);
    levels.setActive(0);
    levels.getAccessible().setName(translate('Level'));
    const change = (): void => {
      const [least] = CHOICES[levels.getActive()] ?? ['debug'];
      onChange({ text: search.getText(), least });
    };
    search.on('search-changed', change);
    levels.on('changed', change);
    const row = new Gtk.Box({ spacing: 6, margin: 6 });
    row.packStart(search, true, true, 0);
    row.packStart(levels, false, false, 0);
    this.widget = row;
  }
}
