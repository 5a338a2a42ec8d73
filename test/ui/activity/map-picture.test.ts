import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { CHUNK_STATE } from '../../../src/core/chunkfs/index.js';
import { CHUNK_KINDS } from '../../../src/ui/activity/chunk-kind.js';
import { ChunkMap } from '../../../src/ui/activity/chunk-map.js';
import { mapLayout } from '../../../src/ui/activity/map-layout.js';
import { MapPicture } from '../../../src/ui/activity/map-picture.js';
import type { Colour } from '../../../src/ui/activity/palette.js';
import { cairo } from '../../../src/ui/cairo.js';

const { present, touched } = CHUNK_STATE;
const MILLION = 2 ** 20;

/** The red of a kind says which it is; in front of it, there is nothing. */
const COLOURS: readonly Colour[] = CHUNK_KINDS.map((_, rank) => [(rank + 1) / 255, 1, 1]);
const [MISSING, , AHEAD, READ] = [1, 2, 3, 4];

describe('the picture of a map', () => {
  let folder: string;
  let picture: MapPicture;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'map-'));
  });

  after(() => rm(folder, { recursive: true }));

  afterEach(() => {
    picture.close();
  });

  function pictureOf(map: ChunkMap, width: number, height: number, scale = 1): MapPicture {
    const layout = mapLayout(map.chunkCount, { width, height });
    picture = new MapPicture(map, layout, COLOURS, scale);
    return picture;
  }

  /** The red of each pixel, row by row; 0 where nothing is painted. */
  async function pixels(
    scale = 1,
    mostRows = 100,
  ): Promise<{ readonly at: (x: number, y: number) => number | undefined }> {
    const { columns, rows, pitch } = picture.layout;
    // Pictures of a million pixels take their time, too.
    const height = Math.min(rows * pitch * scale, mostRows);
    const width = columns * pitch * scale;
    const screen = new cairo.ImageSurface(cairo.Format.ARGB32, width, height);
    const canvas = new cairo.Context(screen);
    canvas.scale(scale, scale);
    picture.drawOn(canvas);
    const path = join(folder, 'map.png');
    screen.writeToPng(path);
    screen.finish();
    const { data } = PNG.sync.read(await readFile(path));
    return { at: (x, y) => data[4 * (y * width + x)] };
  }

  it('has the colour of each chunk in its place, row by row, and gaps between', async () => {
    const map = new ChunkMap(10);
    map.apply(Uint32Array.of(3, 2, present, 6, 1, present | touched));
    assert.equal(pictureOf(map, 4 * 28, 1000).paint(100), false);
    const { at } = await pixels();
    assert.deepEqual([at(0, 0), at(26, 26), at(27, 5), at(5, 27)], [MISSING, MISSING, 0, 0]);
    assert.deepEqual([at(3 * 28, 0), at(0, 28), at(28, 28)], [AHEAD, AHEAD, MISSING]);
    assert.deepEqual([at(2 * 28, 28), at(28 + 5, 2 * 28), at(2 * 28, 2 * 28)], [READ, MISSING, 0]);
  });

  it('has a pixel of its own for each of a million chunks', async () => {
    const map = new ChunkMap(MILLION);
    map.apply(Uint32Array.of(1000, 100, present, 777_777, 1, present | touched));
    assert.equal(pictureOf(map, 1000, 500).paint(2000), false);
    const { at } = await pixels(1, 800);
    assert.deepEqual(
      [at(999, 0), at(0, 1), at(99, 1), at(100, 1)],
      [MISSING, AHEAD, AHEAD, MISSING],
    );
    assert.deepEqual([at(776, 777), at(777, 777), at(778, 777)], [MISSING, READ, MISSING]);
  });

  it('has sharp squares on a screen of twice as many pixels', async () => {
    const map = new ChunkMap(100_000);
    map.apply(Uint32Array.of(501, 1, present));
    pictureOf(map, 500, 50, 2);
    while (picture.paint(2000));
    const { at } = await pixels(2);
    assert.deepEqual([at(1, 2), at(2, 1)], [MISSING, MISSING]);
    assert.deepEqual([at(2, 2), at(3, 3), at(4, 2), at(2, 4)], [AHEAD, AHEAD, MISSING, MISSING]);
  });

  it('paints no more at a time than it may, and all in the end', async () => {
    const map = new ChunkMap(1000);
    const every = Array.from({ length: 500 }, (_, chunk) => [2 * chunk, 1, present]);
    map.apply(Uint32Array.from(every.flat()));
    pictureOf(map, 100, 1);
    let rounds = 1;
    while (picture.paint(90)) rounds++;
    assert.equal(rounds, Math.ceil(1000 / 90));
    const { at } = await pixels();
    assert.deepEqual([at(98, 9), at(99, 9)], [AHEAD, MISSING]);
  });

  it('paints what it is told has changed, and looks at nothing else among a million chunks', async () => {
    const map = new ChunkMap(MILLION);
    pictureOf(map, 1000, 500);
    while (picture.paint(2000));
    let looked = 0;
    const rankAt = map.rankAt.bind(map);
    map.rankAt = (chunk) => {
      looked++;
      return rankAt(chunk);
    };
    map.apply(Uint32Array.of(5000, 3, present, 9000, 1, present));
    picture.changed(5000, 3);
    assert.equal(picture.paint(2000), false);
    assert.ok(looked < 10, `${looked} chunks`);
    const { at } = await pixels();
    assert.deepEqual([at(0, 5), at(2, 5), at(3, 5), at(0, 9)], [AHEAD, AHEAD, MISSING, MISSING]);
  });

  it('shows the last kind of those that share a cell', async () => {
    const map = new ChunkMap(2 ** 23);
    map.apply(Uint32Array.of(0, 2, present, 3, 1, present | touched, 6, 2, present));
    pictureOf(map, 1000, 500);
    while (picture.paint(2000));
    const { at } = await pixels();
    assert.deepEqual([at(0, 0), at(1, 0), at(2, 0), at(3, 0)], [AHEAD, READ, MISSING, AHEAD]);
  });
});
