import assert from 'node:assert/strict';
import { mapLayout } from '../../../src/ui/activity/map-layout.js';

const ROOM = { width: 722, height: 300 };

describe('the layout of a map', () => {
  it('makes the cells as large as there is room, with gaps between large ones', () => {
    const small = mapLayout(100, ROOM);
    assert.deepEqual([small.pitch, small.side, small.columns, small.rows], [28, 27, 25, 4]);
    const middle = mapLayout(16_384, ROOM);
    assert.deepEqual([middle.pitch, middle.side, middle.columns], [3, 3, 240]);
  });

  it('leaves no cell without a place, and none out of sight that has one', () => {
    for (const chunks of [0, 1, 25, 163, 2048, 40_000, 216_600]) {
      const { columns, rows, pitch, cells } = mapLayout(chunks, ROOM);
      assert.equal(cells, chunks);
      assert.ok(columns * rows >= chunks && columns * (rows - 1) <= chunks, `${chunks}`);
      assert.ok(columns * pitch <= ROOM.width && rows * pitch <= ROOM.height, `${chunks}`);
    }
  });

  it('has a pixel for each chunk of a large disk, and becomes higher than its room', () => {
    const layout = mapLayout(2 ** 20, ROOM);
    assert.deepEqual([layout.pitch, layout.columns, layout.rows], [1, 722, 1453]);
  });

  it('has chunks share a cell only on the largest of disks', () => {
    const { cells, chunksPerCell } = mapLayout(2 ** 26, ROOM);
    assert.deepEqual([cells, chunksPerCell], [2 ** 22, 16]);
  });

  it('bears having no room at all', () => {
    assert.deepEqual(mapLayout(3, { width: 1, height: 1 }).rows, 3);
  });
});
