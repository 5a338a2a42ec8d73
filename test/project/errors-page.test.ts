import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { catalogue } from '../../src/core/errors/index.js';
import { checkout } from '../support/checkout.js';

describe('docs/errors.md', () => {
  it('lists every error of the catalogue with its status and sentence', async () => {
    const page = await readFile(join(checkout, 'docs/errors.md'), 'utf8');
    const rows = page.split('\n').filter((line) => line.startsWith('| `'));
    const expected = Object.entries(catalogue).map(
      ([code, { status, message, hint }]) =>
        `| \`${code}\` | ${status} | ${message} | ${hint ?? ''} |`,
    );
    assert.deepEqual(rows, expected);
  });
});
