import type { ActivityReport } from '../../core/session/index.js';
import { Gtk, Pango, type Label, type Widget } from '../gtk.js';
import { translate } from '../translate.js';
import { CHUNK_KINDS, type ChunkKind } from './chunk-kind.js';
import { ChunkMap } from './chunk-map.js';
import { fetchedWords, mapWords } from './chunk-words.js';
import { Legend } from './legend.js';
import { MapView } from './map-view.js';

type ImageReport = ActivityReport['images'][number];

/** Memory is never written: the guest has its own. */
const MEMORY_KINDS: readonly ChunkKind[] = ['missing', 'before', 'ahead', 'read'];

/** What became of one image: how much of it is fetched, its map, and what the map's colours mean. */
export class ImagePanel {
  readonly widget: Widget;
  readonly #view: MapView;
  readonly #legend: Legend;
  readonly #fetched: Label = new Gtk.Label({ xalign: 1, ellipsize: Pango.EllipsizeMode.END });
  #map = new ChunkMap(0);

  constructor(image: 'disk' | 'memory') {
    const isDisk = image === 'disk';
    this.#view = new MapView(
      isDisk ? translate('Map of the disk') : translate('Map of the memory'),
    );
    this.#legend = new Legend(isDisk ? CHUNK_KINDS : MEMORY_KINDS);
    const heading = new Gtk.Box({ spacing: 12 });
    const title = new Gtk.Label({
      label: isDisk ? translate('Disk') : translate('Memory'),
      xalign: 0,
    });
    title.getStyleContext().addClass('activity-heading');
    this.#fetched.getStyleContext().addClass('numeric');
    heading.packStart(title, false, false, 0);
    heading.packEnd(this.#fetched, false, false, 0);
    const column = new Gtk.Box({ orientation: Gtk.Orientation.VERTICAL, spacing: 6 });
    column.packStart(heading, false, false, 0);
    column.packStart(this.#view.widget, true, true, 0);
    column.packStart(this.#legend.widget, false, false, 0);
    this.widget = column;
  }

  /** @param anew the report tells of all chunks */
  follow({ chunkCount, changes }: ImageReport, anew: boolean): void {
    if (anew) this.#map = new ChunkMap(chunkCount);
    this.#map.apply(changes);
    if (anew) this.#view.show(this.#map);
    else this.#view.changed(changes);
  }

  /** Brings all that is said in words up to date. */
  say(sizeBytes: number): void {
    this.#fetched.setText(fetchedWords(this.#map, sizeBytes));
    this.#legend.show(this.#map);
    this.#view.describe(mapWords(this.#map));
  }
}
