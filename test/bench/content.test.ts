import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeContent, writeSparsePackage } from '../../bench/content.js';
import { openSource } from '../../src/core/fetch/index.js';
import { openPackage } from '../../src/core/package/index.js';

const { signal } = new AbortController();

describe('what is served for benchmarks', () => {
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'content-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  async function diskBytes(path: string): Promise<number> {
    const source = await openSource({ kind: 'file', path, label: path }, { signal });
    try {
      return (await openPackage(source, signal)).disk.storedBytes;
    } finally {
      await source.close();
    }
  }

  it('is an image and a package with it', async () => {
    const image = await writeContent(folder, 2 ** 21, signal);
    assert.equal((await stat(image)).size, 2 ** 21);
    assert.equal(await diskBytes(join(folder, 'machine.nxpk')), 2 ** 21);
  });

  it('is a package of any size that takes no room', async () => {
    for (const bytes of [2 ** 30, 2 ** 40]) {
      const path = join(folder, `${bytes}.nxpk`);
      await writeSparsePackage(path, bytes);
      assert.equal(await diskBytes(path), bytes);
      assert.ok((await stat(path)).blocks * 512 < 2 ** 20);
    }
  });
});
