import { isDeepStrictEqual } from 'node:util';
import { Gtk, type Widget } from '../gtk.js';
import type { Size } from '../window-fitting.js';
import { forEachRun, type ChunkMap } from './chunk-map.js';
import { mapLayout } from './map-layout.js';
import { MapPicture } from './map-picture.js';
import { coloursOf, paletteFor } from './palette.js';

const LEAST_HEIGHT = 84;
const LEAST_WIDTH = 240;
/** Both sides of it together. */
const FRAME = 2;
/** Rectangles that can be painted between two pictures of the window, with time to spare. */
const AT_A_TIME = 2000;

/** Shows a map of chunks as large as there is room for it; one that is higher can be scrolled. */
export class MapView {
  readonly widget: Widget;
  readonly #scroller = new Gtk.ScrolledWindow({
    shadowType: Gtk.ShadowType.IN,
    hscrollbarPolicy: Gtk.PolicyType.NEVER,
    minContentHeight: LEAST_HEIGHT,
    minContentWidth: LEAST_WIDTH,
  });
  readonly #area = new Gtk.DrawingArea({ canFocus: true });
  #map: ChunkMap | null = null;
  #picture: MapPicture | null = null;
  /** Whether the layout or the colours may be others now. */
  #isStale = true;
  #laidIn: Size = { width: 1, height: 1 };
  #isTicking = false;

  /** @param name what it is, for screen readers */
  constructor(name: string) {
    this.#area.getAccessible().setName(name);
    this.#scroller.add(this.#area);
    this.widget = this.#scroller;
    this.#scroller.on('size-allocate', () => {
      // A label elsewhere that grows is no reason to paint everything.
      if (!isDeepStrictEqual(this.#room(), this.#laidIn)) this.#relay();
    });
    const relay = (): void => {
      this.#relay();
    };
    this.#area.on('style-updated', relay);
    this.#area.on('notify::scale-factor', relay);
    this.#area.on('draw', (canvas) => {
      this.#picture?.drawOn(canvas);
      if ((this.#area.getStateFlags() & Gtk.StateFlags.FOCUSED) !== 0) {
        const { width, height } = this.#area.getAllocation();
        Gtk.renderFocus(this.#area.getStyleContext(), canvas, 0, 0, width, height);
      }
      return false;
    });
    this.#area.on('destroy', () => {
      this.#picture?.close();
      this.#picture = null;
      this.#map = null;
    });
  }

  /** Shows another map. */
  show(map: ChunkMap): void {
    this.#map = map;
    this.#relay();
  }

  /** The map has these changes by now. */
  changed(changes: Uint32Array): void {
    if (changes.length === 0) return;
    forEachRun(changes, (first, count) => this.#picture?.changed(first, count));
    this.#tick();
  }

  /** Says in words what there is to be seen. */
  describe(text: string): void {
    this.#area.getAccessible().setDescription(text);
  }

  #relay(): void {
    this.#isStale = true;
    this.#tick();
  }

  /** Paints before each picture of the window, until all is painted. */
  #tick(): void {
    if (this.#isTicking || this.#map === null) return;
    this.#isTicking = true;
    this.#area.addTickCallback(() => {
      if (this.#isStale) this.#lay();
      this.#isTicking = this.#picture?.paint(AT_A_TIME) === true;
      this.#area.queueDraw();
      return this.#isTicking;
    });
  }

  #lay(): void {
    this.#isStale = false;
    if (this.#map === null) return;
    this.#picture?.close();
    this.#laidIn = this.#room();
    const layout = mapLayout(this.#map.chunkCount, this.#laidIn);
    const colours = coloursOf(paletteFor(this.#area));
    this.#picture = new MapPicture(this.#map, layout, colours, this.#area.getScaleFactor());
    this.#area.setSizeRequest(-1, layout.rows * layout.pitch);
  }

  /** What the frame leaves. */
  #room(): Size {
    const { width, height } = this.#scroller.getAllocation();
    return { width: Math.max(1, width - FRAME), height: Math.max(1, height - FRAME) };
  }
}
