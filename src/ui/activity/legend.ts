import { Gtk, type Label, type Widget } from '../gtk.js';
import type { ChunkKind } from './chunk-kind.js';
import type { ChunkMap } from './chunk-map.js';
import { KIND_WORDS } from './chunk-words.js';
import { paletteFor } from './palette.js';
import { countWords } from './quantity-words.js';

const SWATCH = 12;
const MOST_COLUMNS = 4;

/** What the colours of a map mean, and how many chunks have each. */
export class Legend {
  readonly widget: Widget;
  readonly #counts = new Map<ChunkKind, Label>();

  constructor(kinds: readonly ChunkKind[]) {
    const grid = new Gtk.Grid({ columnSpacing: 24, rowSpacing: 3 });
    const columns = Math.ceil(kinds.length / Math.ceil(kinds.length / MOST_COLUMNS));
    kinds.forEach((kind, at) => {
      grid.attach(this.#entry(kind), at % columns, Math.floor(at / columns), 1, 1);
    });
    this.widget = grid;
  }

  show(map: ChunkMap): void {
    const kinds = map.kinds();
    for (const [kind, label] of this.#counts) label.setText(countWords(kinds[kind]));
  }

  #entry(kind: ChunkKind): Widget {
    const row = new Gtk.Box({ spacing: 6 });
    const count = new Gtk.Label({ xalign: 0 });
    for (const name of ['dim-label', 'numeric']) count.getStyleContext().addClass(name);
    row.packStart(swatch(kind), false, false, 0);
    row.packStart(new Gtk.Label({ label: KIND_WORDS[kind] }), false, false, 0);
    row.packStart(count, false, false, 0);
    this.#counts.set(kind, count);
    return row;
  }
}

function swatch(kind: ChunkKind): Widget {
  const area = new Gtk.DrawingArea({
    widthRequest: SWATCH,
    heightRequest: SWATCH,
    valign: Gtk.Align.CENTER,
  });
  area.on('draw', (canvas) => {
    const [red, green, blue] = paletteFor(area)[kind];
    canvas.setSourceRgb(red, green, blue);
    canvas.rectangle(0, 0, SWATCH, SWATCH);
    canvas.fill();
    return false;
  });
  return area;
}
