import assert from 'node:assert/strict';
import { nextZoom, percentWithin, sizeAt } from '../../src/ui/screen-scaling.js';

describe('the scale of a guest’s screen', () => {
  const guest = { width: 800, height: 600 };

  it('goes up and down in steps, also from between them', () => {
    assert.deepEqual(
      [50, 75, 99, 100, 130, 300].map((percent) => nextZoom(percent, 'in')),
      [75, 100, 100, 125, 150, 400],
    );
    assert.deepEqual(
      [400, 390, 101, 100, 75].map((percent) => nextZoom(percent, 'out')),
      [300, 300, 100, 75, 50],
    );
  });

  it('does not go beyond the ends, and comes back to them', () => {
    assert.deepEqual([nextZoom(400, 'in'), nextZoom(50, 'out')], [400, 50]);
    assert.deepEqual([nextZoom(700, 'in'), nextZoom(20, 'out')], [400, 50]);
  });

  it('gives a pixel of the guest one of the monitor at 100 %', () => {
    assert.deepEqual(sizeAt(100, guest, 1), guest);
    assert.deepEqual(sizeAt(100, guest, 2), { width: 400, height: 300 });
    assert.equal(percentWithin({ width: 400, height: 300 }, guest, 2), 100);
  });

  it('is that of the side with less room', () => {
    assert.equal(percentWithin({ width: 1600, height: 900 }, guest, 1), 150);
    assert.equal(percentWithin({ width: 400, height: 900 }, guest, 1), 50);
  });

  it('is never such that X11 has no window of that size', () => {
    assert.deepEqual(sizeAt(400, { width: 8192, height: 2048 }, 1), {
      width: 32_000,
      height: 8000,
    });
    assert.equal(sizeAt(400, { width: 8192, height: 2048 }, 2).width, 16_000);
  });

  it('is at least a pixel', () => {
    assert.deepEqual(sizeAt(50, { width: 1, height: 1 }, 2), { width: 1, height: 1 });
  });
});
