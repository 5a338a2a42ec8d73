import type { ActivityReport } from '../../core/session/index.js';
import { Gtk, type Label, type Widget } from '../gtk.js';
import { translate } from '../translate.js';
import { sizeWords } from './quantity-words.js';

/** What the guest's writes are counted in. */
const BLOCK_BYTES = 4096;

/** The four figures of a machine's session: what was read, fetched, written and changed. */
export class Figures {
  readonly widget: Widget;
  readonly #read = figure();
  readonly #fetched = figure();
  readonly #written = figure();
  readonly #changed = figure();

  constructor() {
    const row = new Gtk.Box({ homogeneous: true, spacing: 12 });
    for (const [value, caption] of [
      [this.#read, translate('Read by the machine')],
      [this.#fetched, translate('Fetched over the network')],
      [this.#written, translate('Written by the machine')],
      [this.#changed, translate('Changed on its disk')],
    ] as const) {
      row.packStart(captioned(value, caption), true, true, 0);
    }
    this.widget = row;
  }

  show({ images, bytesReceived }: ActivityReport): void {
    let [read, written, blocks] = [0, 0, 0];
    for (const { bytesRead, bytesWritten, blocksModified } of images) {
      read += bytesRead;
      written += bytesWritten;
      blocks += blocksModified;
    }
    this.#read.setText(sizeWords(read));
    this.#fetched.setText(sizeWords(bytesReceived));
    this.#written.setText(sizeWords(written));
    this.#changed.setText(sizeWords(blocks * BLOCK_BYTES));
  }
}

function figure(): Label {
  const label = new Gtk.Label();
  for (const name of ['activity-figure', 'numeric']) label.getStyleContext().addClass(name);
  return label;
}

/** A figure that says of itself what it is. */
function captioned(value: Label, caption: string): Widget {
  const column = new Gtk.Box({ orientation: Gtk.Orientation.VERTICAL });
  const words = new Gtk.Label({
    label: caption,
    wrap: true,
    justify: Gtk.Justification.CENTER,
    valign: Gtk.Align.START,
  });
  words.getStyleContext().addClass('dim-label');
  column.packStart(value, false, false, 0);
  column.packStart(words, false, false, 0);
  return column;
}
