import { cairo, type Canvas, type Picture } from '../cairo.js';
import type { ChunkMap } from './chunk-map.js';
import type { MapLayout } from './map-layout.js';
import type { Colour } from './palette.js';

/** Beyond so many stretches that wait to be painted, it is simpler to paint everything. */
const MOST_WAITING = 20_000;

interface Stretch {
  first: number;
  readonly end: number;
}

/**
 * The map of an image as pixels. What changed is painted over what was there, bit by bit: however much
 * it is, nobody waits for more than they allow.
 */
export class MapPicture {
  readonly layout: MapLayout;
  readonly #map: ChunkMap;
  readonly #colours: readonly Colour[];
  readonly #scale: number;
  readonly #picture: Picture;
  readonly #canvas: Canvas;
  /** Cells that are to be painted. */
  #waiting: Stretch[];

  /**
   * @param colours of each rank of the map
   * @param scale how many pixels of the screen there are for each of the layout, in a row
   */
  constructor(map: ChunkMap, layout: MapLayout, colours: readonly Colour[], scale: number) {
    const { columns, rows, pitch, cells } = layout;
    this.#map = map;
    this.layout = layout;
    this.#colours = colours;
    this.#scale = scale;
    const [width, height] = [columns * pitch * scale, Math.max(1, rows) * pitch * scale];
    this.#picture = new cairo.ImageSurface(cairo.Format.ARGB32, width, height);
    this.#canvas = new cairo.Context(this.#picture);
    this.#canvas.scale(scale, scale);
    this.#waiting = [{ first: 0, end: cells }];
  }

  /** These chunks are not any more what they were. */
  changed(firstChunk: number, count: number): void {
    const { chunksPerCell, cells } = this.layout;
    const first = Math.floor(firstChunk / chunksPerCell);
    const end = Math.min(cells, Math.ceil((firstChunk + count) / chunksPerCell));
    this.#waiting.push({ first, end });
    if (this.#waiting.length > MOST_WAITING) this.#waiting = [{ first: 0, end: cells }];
  }

  /** Paints what waits, at most so many rectangles; returns whether there is more to do. */
  paint(most: number): boolean {
    let left = most;
    let done = 0;
    for (const stretch of this.#waiting) {
      left = this.#paintStretch(stretch, left);
      if (stretch.first < stretch.end) break;
      done++;
    }
    this.#waiting.splice(0, done);
    return this.#waiting.length > 0;
  }

  drawOn(canvas: Canvas): void {
    canvas.save();
    canvas.scale(1 / this.#scale, 1 / this.#scale);
    canvas.setSourceSurface(this.#picture, 0, 0);
    canvas.paint();
    canvas.restore();
  }

  /** Gives up the pixels: they are too many to wait for the garbage collector. */
  close(): void {
    this.#picture.finish();
  }

  /** Paints the cells from the first on, and moves that; returns how many rectangles are left. */
  #paintStretch(stretch: Stretch, most: number): number {
    const { columns, pitch, side } = this.layout;
    let left = most;
    for (; stretch.first < stretch.end && left > 0; left--) {
      const { first } = stretch;
      const rank = this.#rankAt(first);
      const row = Math.floor(first / columns);
      const rowEnd = side < pitch ? first + 1 : Math.min(stretch.end, (row + 1) * columns);
      let end = first + 1;
      while (end < rowEnd && this.#rankAt(end) === rank) end++;
      const [red, green, blue] = this.#colours[rank] ?? [0, 0, 0];
      this.#canvas.setSourceRgb(red, green, blue);
      const width = (end - first - 1) * pitch + side;
      this.#canvas.rectangle((first - row * columns) * pitch, row * pitch, width, side);
      this.#canvas.fill();
      stretch.first = end;
    }
    return left;
  }

  #rankAt(cell: number): number {
    const { chunksPerCell } = this.layout;
    if (chunksPerCell === 1) return this.#map.rankAt(cell);
    const end = Math.min((cell + 1) * chunksPerCell, this.#map.chunkCount);
    let rank = 0;
    for (let chunk = cell * chunksPerCell; chunk < end; chunk++) {
      rank = Math.max(rank, this.#map.rankAt(chunk));
    }
    return rank;
  }
}
