import type { Size } from '../window-fitting.js';

/** The side of the largest cell, in pixels: a small disk is not to be a few dots. */
const LARGEST_CELL = 28;
/** From here on there is a gap of a pixel between two cells. */
const GAP_FROM = 5;
/** A picture of more cells could not be had: then several chunks share one. */
const MOST_CELLS = 4 * 1024 * 1024;

/** How the cells of a map lie, row by row. */
export interface MapLayout {
  readonly cells: number;
  /** How many chunks a cell stands for; the last one may stand for fewer. */
  readonly chunksPerCell: number;
  readonly columns: number;
  readonly rows: number;
  /** From one cell to the next, in pixels. */
  readonly pitch: number;
  /** The side of a cell, in pixels. */
  readonly side: number;
}

/** The largest cells with which the whole map fits; a pixel each where it does not, however high. */
export function mapLayout(chunkCount: number, room: Size): MapLayout {
  const chunksPerCell = Math.max(1, Math.ceil(chunkCount / MOST_CELLS));
  const cells = Math.ceil(chunkCount / chunksPerCell);
  for (let pitch = LARGEST_CELL; ; pitch--) {
    const columns = Math.max(1, Math.floor(room.width / pitch));
    const rows = Math.ceil(cells / columns);
    if (pitch > 1 && rows * pitch > room.height) continue;
    return {
      cells,
      chunksPerCell,
      columns,
      rows,
      pitch,
      side: pitch < GAP_FROM ? pitch : pitch - 1,
    };
  }
}
