import assert from 'node:assert/strict';
import { constants as flags } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { CHUNK_STATE } from '../../../src/core/chunkfs/index.js';
import { until } from '../../support/wait.js';
import { MountedImages } from './mounted-images.js';

const { present, touched, modified } = CHUNK_STATE;

describe('watching how an image is read', () => {
  let images: MountedImages;
  let file: FileHandle;
  async function create(settings: Parameters<typeof MountedImages.create>[0]): Promise<void> {
    images = await MountedImages.create(settings);
    file = await open(images.path, flags.O_RDWR | flags.O_DIRECT);
  }
  const read = (chunk: number, chunks = 1): Promise<unknown> => {
    const bytes = chunks * images.chunkBytes;
    return file.read(Buffer.alloc(bytes), 0, bytes, chunk * images.chunkBytes);
  };
  const changes = (anew = false): number[][] => {
    const flat = [...images.mount.takeChanges('disk', anew)];
    return Array.from({ length: flat.length / 3 }, (_, run) => flat.slice(3 * run, 3 * run + 3));
  };
  afterEach(async () => {
    await file.close();
    await images.close();
  });

  it('tells once of the next read of a marked chunk, whether it is there or not', async () => {
    await create({});
    await read(3);
    await read(3);
    images.mount.mark('disk', 3);
    images.mount.mark('disk', 7);
    await read(5);
    assert.deepEqual(images.marks, []);
    await read(3);
    await until('the mark is told', () => images.marks.length === 1);
    await read(7);
    await until('the mark is told', () => images.marks.length === 2);
    await read(3);
    await read(7);
    images.mount.mark('disk', 3);
    await read(3);
    await until('the mark is told', () => images.marks.length === 3);
    assert.deepEqual(images.marks, [3, 7, 3]);
  });

  it('lists each chunk once, in the order of the first touches, with times', async () => {
    await create({});
    const begin = performance.now();
    await read(9);
    await new Promise((resolve) => setTimeout(resolve, 30));
    await read(2);
    await read(9);
    // Whole blocks that are replaced need nothing of the chunk.
    await file.write(Buffer.alloc(4096), 0, 4096, 5 * images.chunkBytes);
    const first = images.mount.takeTouches();
    assert.deepEqual(
      first.map(({ image, chunk }) => [image, chunk]),
      [
        ['disk', 9],
        ['disk', 2],
      ],
    );
    const [one, other] = first.map(({ microseconds }) => microseconds);
    assert(one !== undefined && other !== undefined);
    const passed = (performance.now() - begin) * 1000;
    assert(one >= 0 && other - one >= 29_000 && other - one < passed, String([one, other]));
    await read(9);
    await file.write(Buffer.alloc(5), 0, 5, 5 * images.chunkBytes + 5000);
    await read(5);
    assert.deepEqual(
      images.mount.takeTouches().map(({ chunk }) => chunk),
      [5],
    );
    assert.deepEqual(images.mount.takeTouches(), []);
    assert.equal(images.statistics.chunksTouched, 3);
  });

  it('tells what changed of the chunks since it was last asked', async () => {
    await create({ onMiss: () => undefined });
    assert.deepEqual(changes(), []);
    for (const chunk of [4, 5, 6]) await images.deliver(chunk);
    await images.stored(3);
    assert.deepEqual(changes(), [[4, 3, present]]);
    await read(5, 2);
    await file.write(Buffer.alloc(4096), 0, 4096, 6 * images.chunkBytes);
    await file.write(Buffer.alloc(4096), 0, 4096, 10 * images.chunkBytes + 4096);
    assert.deepEqual(changes(), [
      [5, 1, present | touched],
      [6, 1, present | touched | modified],
      [10, 1, modified],
    ]);
    await read(5, 2);
    assert.deepEqual(changes(), []);
  });

  it('tells everything once more to who begins anew', async () => {
    await create({ onMiss: () => undefined });
    for (const chunk of [4, 5]) await images.deliver(chunk);
    await images.stored(2);
    await read(5);
    const told = changes();
    assert.deepEqual(changes(), []);
    assert.deepEqual(changes(true), told);
    assert.deepEqual(changes(), []);
  });

  it('finds the changes among a million chunks in a moment', async () => {
    await create({ sizeBytes: 4096, describedBytes: 2 ** 20 * 131_072, chunkBytes: 131_072 });
    images.mount.takeChanges('disk');
    const times: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      const chunk = 2000 + round * 100_000;
      await file.write(Buffer.alloc(4096), 0, 4096, chunk * 131_072);
      const begin = performance.now();
      const found = changes();
      times.push(performance.now() - begin);
      assert.deepEqual(found, [[chunk, 1, modified]]);
    }
    const [median = Infinity] = times.sort((one, other) => one - other).slice(4);
    assert(median < 5, `${String(median)} ms`);
  });
});
