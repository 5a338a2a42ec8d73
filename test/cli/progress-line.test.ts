import assert from 'node:assert/strict';
import { ProgressLine } from '../../src/cli/progress-line.js';

describe('the progress of vmnetx-generate', () => {
  let written = '';
  let line: ProgressLine;

  beforeEach(() => {
    written = '';
    line = new ProgressLine((text) => (written += text));
  });

  it('is a line for each step, of which nothing stays that is not true any more', () => {
    const totalBytes = 2 ** 20;
    line.show({ step: 'packing-memory', fraction: 0.5, totalBytes });
    line.show({ step: 'packing-memory', fraction: 0.999, totalBytes });
    line.show({ step: 'copying-disk', fraction: 0, totalBytes: null });
    line.show({ step: 'copying-disk', fraction: 1, totalBytes: null });
    line.show({ step: 'copying-disk', fraction: 1, totalBytes: null });
    line.end();
    assert.deepEqual(written.split('\n'), [
      '\rPacking the memory: 50 % of 1 MiB\x1b[K\rPacking the memory: 99 % of 1 MiB\x1b[K',
      '\rCopying the disk: 0 %\x1b[K' + '\rCopying the disk: 100 %\x1b[K'.repeat(2),
      '',
    ]);
  });

  it('is nothing where nothing was shown', () => {
    line.end();
    assert.equal(written, '');
  });
});
