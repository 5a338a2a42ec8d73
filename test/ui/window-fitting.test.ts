import assert from 'node:assert/strict';
import { fittingSize } from '../../src/ui/window-fitting.js';

describe('the size for a guest’s screen', () => {
  const room = { width: 1280, height: 950 };

  it('is its own when there is room', () => {
    assert.deepEqual(fittingSize({ width: 1024, height: 768 }, room), { width: 1024, height: 768 });
  });

  it('is never larger than its own', () => {
    assert.deepEqual(fittingSize({ width: 320, height: 200 }, room), { width: 320, height: 200 });
  });

  it('keeps its shape when it is too wide', () => {
    assert.deepEqual(fittingSize({ width: 2560, height: 1440 }, room), {
      width: 1280,
      height: 720,
    });
  });

  it('keeps its shape when it is too high', () => {
    assert.deepEqual(fittingSize({ width: 1000, height: 1900 }, room), { width: 500, height: 950 });
  });

  it('is at least a pixel', () => {
    assert.deepEqual(fittingSize({ width: 4000, height: 1 }, room), { width: 1280, height: 1 });
  });
});
