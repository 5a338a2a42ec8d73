import assert from 'node:assert/strict';
import {
  formatMemoryHeader,
  MEMORY_HEAD_BYTES,
  parseMemoryHeader,
  type Compression,
} from '../../../src/core/memory/index.js';
import { seeded } from '../../support/random.js';

const COMPRESSIONS: readonly Compression[] = ['none', 'gzip', 'bzip2', 'xz', 'lzop', 'zstd'];

describe('the header that is written before memory', () => {
  it('is read as it was written, whatever the description, and ends with a page', () => {
    const random = seeded(6);
    const lengths = [1, 4003, 4004, MEMORY_HEAD_BYTES - 93];
    while (lengths.length < 200) lengths.push(1 + Math.floor(random() * 30_000));
    for (const length of lengths) {
      const xml = 'ü'.repeat(length / 2) + 'x'.repeat(length % 2);
      const compression = COMPRESSIONS[length % COMPRESSIONS.length] ?? 'none';
      const header = formatMemoryHeader(xml, compression);
      assert.equal(header.length % 4096, 0);
      const read = parseMemoryHeader(header.subarray(0, MEMORY_HEAD_BYTES), header.length + 1);
      const { xml: description, ...rest } = read;
      assert.equal(String(description), xml);
      assert.deepEqual(rest, { compression, cookie: null, stateOffset: header.length });
    }
  });
});
