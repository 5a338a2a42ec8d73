import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { constants } from 'node:fs';
import { open, readFile, readdir, statfs, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seeded } from '../../support/random.js';
import { until } from '../../support/wait.js';
import { MountedImages, Program } from './mounted-images.js';

describe('reading an image', () => {
  let images: MountedImages;
  afterEach(() => images.close());

  it('gives the right bytes everywhere while chunks come late and out of order', async () => {
    const random = seeded(1);
    images = await MountedImages.create({
      sizeBytes: 40 * 2 ** 20 + 12_345,
      onMiss: ({ chunk }, self) => {
        setTimeout(() => void self.deliver(chunk), random() * 20);
      },
    });
    const { origin } = images;
    const cached = await open(images.path, 'r');
    const direct = await open(images.path, constants.O_RDONLY | constants.O_DIRECT);
    try {
      await Promise.all(
        Array.from({ length: 300 }, async () => {
          const offset = Math.floor(random() * origin.length);
          const buffer = Buffer.alloc(1 + Math.floor(random() ** 3 * 300_000));
          const file = random() < 0.5 ? cached : direct;
          const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
          assert.equal(bytesRead, Math.min(buffer.length, origin.length - offset));
          assert(
            buffer.subarray(0, bytesRead).equals(origin.subarray(offset, offset + bytesRead)),
            `differs in ${String(offset)}+${String(bytesRead)}`,
          );
        }),
      );
    } finally {
      await cached.close();
      await direct.close();
    }
    assert((await readFile(images.path)).equals(origin));
    await images.stored(images.chunks);
    assert((await images.pristineContent()).equals(origin));
    const asked = new Set(
      images.misses.map(({ chunk, offsetInChunk, lengthInChunk }) =>
        [chunk, offsetInChunk, lengthInChunk].join(),
      ),
    );
    assert.equal(asked.size, images.misses.length);
    assert.equal(images.statistics.misses, asked.size);
    const chunks = new Set(images.misses.map(({ chunk }) => chunk));
    assert.equal(images.statistics.chunksPresent, chunks.size);
    assert.equal(images.statistics.waiting, 0);
  });

  it('asks once for bytes that many wait for', async () => {
    images = await MountedImages.create({ onMiss: () => undefined });
    const from = 3 * images.chunkBytes;
    const ofAll = Program.reading(images.path, from, 16 * 512, true);
    await until('the miss', () => images.misses.length === 1);
    const ofParts = Array.from({ length: 16 }, (_, at) =>
      Program.reading(images.path, from + at * 512, 512, true),
    );
    await until('all wait', () => images.statistics.waiting === 17);
    await images.deliver(3);
    for (const [at, reader] of [ofAll, ...ofParts].entries()) {
      const begin = from + Math.max(0, at - 1) * 512;
      const length = at === 0 ? 16 * 512 : 512;
      const right = (await reader.ended).output.equals(
        images.origin.subarray(begin, begin + length),
      );
      assert(right, `reader ${String(at)}`);
    }
    assert.equal(images.misses.length, 1);
    assert.equal(images.misses[0]?.chunk, 3);
  });

  it('asks at once for all chunks that a read needs, and says where it begins', async () => {
    images = await MountedImages.create({ chunkBytes: 4096, onMiss: () => undefined });
    await images.deliver(11);
    const reader = Program.reading(images.path, 10 * 4096 + 100, 4 * 4096, true);
    await until('the misses', () => images.misses.length === 4);
    assert.deepEqual(
      images.misses.map(({ chunk, offsetInChunk, kind }) => [chunk, offsetInChunk, kind]),
      [
        [10, 100, 'read'],
        [12, 0, 'read'],
        [13, 0, 'read'],
        [14, 0, 'read'],
      ],
    );
    for (const chunk of [14, 12, 10, 13]) await images.deliver(chunk);
    const from = 10 * 4096 + 100;
    assert((await reader.ended).output.equals(images.origin.subarray(from, from + 4 * 4096)));
  });

  it('serves what is present while JavaScript stands still', async () => {
    images = await MountedImages.create();
    await images.deliverAll();
    const copy = join(images.folder, 'copy');
    await writeFile(copy, images.origin);
    // Both calls hold the JavaScript thread until the program has ended.
    const compared = spawnSync('cmp', [images.path, copy], { timeout: 5000 });
    assert.equal(compared.status, 0, String(compared.stderr));
    const written = spawnSync(
      'dd',
      ['if=/dev/zero', `of=${images.path}`, 'bs=4096', 'count=8', 'conv=notrunc', 'oflag=direct'],
      { timeout: 5000 },
    );
    assert.equal(written.status, 0, String(written.stderr));
    assert.deepEqual(images.misses, []);
  });

  it('serves what is present while many wait for what is missing', async () => {
    images = await MountedImages.create({
      sizeBytes: 50 * 2 ** 20,
      chunkBytes: 2 ** 20,
      onMiss: () => undefined,
    });
    await images.deliver(49);
    const waiting = Array.from({ length: 40 }, (_, chunk) =>
      Program.reading(images.path, chunk * images.chunkBytes, 4096),
    );
    await until('all wait', () => images.misses.length === 40);
    const present = Program.reading(images.path, 49 * images.chunkBytes, 4096);
    assert((await present.ended).output.equals(images.bytesOf(49).subarray(0, 4096)));
    assert(images.statistics.waiting >= 40);
    await images.deliverAll();
    for (const reader of waiting) assert.equal((await reader.ended).status, 0);
  });

  it('reports a damaged pristine file rather than making up bytes', async () => {
    images = await MountedImages.create();
    await images.deliverAll();
    const pristine = await open(join(images.folder, 'pristine'), 'r+');
    await pristine.truncate(100_000);
    await pristine.close();
    await assert.rejects(readFile(images.path), { code: 'EIO' });
  });

  it('refuses a delivery beyond the end of the image', async () => {
    images = await MountedImages.create();
    const { mount, origin } = images;
    assert.throws(() => mount.deliver('disk', origin.length - 9, Buffer.alloc(10)), RangeError);
    assert.throws(() => mount.deliver('disk', origin.length + 1, Buffer.alloc(0)), RangeError);
    assert.throws(() => mount.deliver('disk', -1, Buffer.alloc(10)), RangeError);
    assert.throws(() => mount.deliver('disk', 0.5, Buffer.alloc(10)), RangeError);
    assert.throws(() => mount.deliver('tape', 0, Buffer.alloc(10)), RangeError);
    assert.equal(images.statistics.chunksPresent, 0);
  });

  it('looks like an ordinary folder that nobody can change', async () => {
    images = await MountedImages.create();
    assert.deepEqual(await readdir(images.directory), ['disk']);
    assert.equal((await stat(images.path)).size, images.origin.length);
    assert((await statfs(images.directory)).bavail > 0);
    await assert.rejects(stat(join(images.directory, 'other')), { code: 'ENOENT' });
    await assert.rejects(writeFile(join(images.directory, 'other'), ''), { code: 'EPERM' });
  });
});
