import assert from 'node:assert/strict';
import { mkdir, mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mountImages, type ImageMount } from '../../../src/core/chunkfs/index.js';

const MOST_CHUNKS = 2 ** 26;

describe('what an image may be', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limits-'));
    await mkdir(join(folder, 'mount'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function mount(sizeBytes: number, chunkBytes: number): Promise<ImageMount> {
    const data = await open(join(folder, 'data'), 'w+');
    try {
      return await mountImages({
        directory: join(folder, 'mount'),
        images: [
          {
            name: 'disk',
            sizeBytes,
            chunkBytes,
            pristine: data.fd,
            overlay: null,
            waitMilliseconds: null,
          },
        ],
        onMiss: () => undefined,
        onEnd: () => undefined,
      });
    } finally {
      await data.close();
    }
  }

  it('has so many chunks at most, so that no size takes all memory', async () => {
    const mounted = await mount(MOST_CHUNKS * 4096, 4096);
    assert.deepEqual(await readdir(join(folder, 'mount')), ['disk']);
    await mounted.unmount();
    await assert.rejects(mount(MOST_CHUNKS * 4096 + 1, 4096), RangeError);
    await assert.rejects(mount(Number.MAX_SAFE_INTEGER, 131_072), RangeError);
  });

  it('has chunks that are powers of two, from 4 KiB to 16 MiB', async () => {
    for (const chunkBytes of [0, 2048, 5000, 2 ** 25, 2 ** 52]) {
      await assert.rejects(mount(100_000, chunkBytes), RangeError);
    }
    for (const chunkBytes of [4096, 2 ** 24]) await (await mount(100_000, chunkBytes)).unmount();
  });
});
