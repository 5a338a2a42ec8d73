import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from '../support/checkout.js';

describe('docs/window.md', () => {
  it('shows each picture of the window, and none that is not there', async () => {
    const page = await readFile(join(checkout, 'docs/window.md'), 'utf8');
    const shown = [...page.matchAll(/"images\/([^"]+)"/g)].map(([, name]) => name);
    const there = await readdir(join(checkout, 'docs/images'));
    assert.deepEqual([...new Set(shown)].toSorted(), there.toSorted());
  });
});
