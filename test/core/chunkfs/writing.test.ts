import assert from 'node:assert/strict';
import { constants } from 'node:fs';
import { open, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { randomBytes, seeded } from '../../support/random.js';
import { MountedImages, Program } from './mounted-images.js';

async function readAll(path: string): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_DIRECT);
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** What the file should hold: a plain buffer that can grow. */
class Model {
  bytes: Buffer;

  constructor(origin: Buffer) {
    this.bytes = Buffer.from(origin);
  }

  resize(size: number): void {
    const before = this.bytes;
    this.bytes = Buffer.alloc(size);
    before.copy(this.bytes);
  }

  write(offset: number, data: Buffer): void {
    if (offset + data.length > this.bytes.length) this.resize(offset + data.length);
    data.copy(this.bytes, offset);
  }
}

describe('writing to a disk', () => {
  let images: MountedImages;
  let file: FileHandle;
  async function openDisk(flags = constants.O_RDWR | constants.O_DIRECT): Promise<void> {
    file = await open(images.path, flags);
  }
  /** Writes 0xff while the overlay can hold `room` bytes; what the writer says on stderr. */
  async function overwrite(offset: number, length: number, room: number): Promise<string> {
    const source = `${images.folder}/source`;
    await writeFile(source, Buffer.alloc(length, 0xff));
    return withRoomFor(
      room,
      'dd',
      `if=${source}`,
      `of=${images.path}`,
      `bs=${String(length)}`,
      'count=1',
      `seek=${String(offset)}`,
      'oflag=direct,seek_bytes',
      'conv=notrunc',
    );
  }
  afterEach(async () => {
    await file.close();
    await images.close();
  });

  it('fetches nothing for an aligned block', async () => {
    images = await MountedImages.create();
    await openDisk();
    const block = Buffer.alloc(4096, 'x');
    await file.write(block, 0, 4096, 5 * 4096);
    await file.sync();
    const back = Buffer.alloc(4096);
    await file.read(back, 0, 4096, 5 * 4096);
    assert(back.equals(block));
    assert.deepEqual(images.misses, []);
    assert.equal(images.statistics.blocksModified, 1);
    assert.equal(images.statistics.bytesWritten, 4096);
  });

  it('fetches nothing for a last block that is written to its end', async () => {
    images = await MountedImages.create({ sizeBytes: 3 * 4096 + 100 });
    await openDisk();
    await file.write(Buffer.alloc(100, 'x'), 0, 100, 3 * 4096);
    assert.deepEqual(images.misses, []);
    assert.equal((await stat(images.path)).size, images.origin.length);
  });

  it('puts a part of a block together with what was there', async () => {
    images = await MountedImages.create();
    await openDisk();
    const expected = Buffer.from(images.origin);
    for (const [offset, length] of [
      [10, 20],
      [4000, 300],
      [100_000, 70_000],
      [999_990, 13],
    ] as const) {
      const data = Buffer.alloc(length, offset % 251);
      assert.equal((await file.write(data, 0, length, offset)).bytesWritten, length);
      data.copy(expected, offset);
    }
    assert(images.misses.every(({ kind }) => kind === 'write'));
    assert((await readAll(images.path)).equals(expected));
  });

  it('never touches the pristine file', async () => {
    images = await MountedImages.create();
    await openDisk();
    await images.deliverAll();
    await file.write(Buffer.alloc(500_000, 'x'), 0, 500_000, 123);
    await file.truncate(10);
    await file.truncate(2_000_000);
    assert((await images.pristineContent()).equals(images.origin));
  });

  it('shows zeros, not old bytes, after cutting and growing', async () => {
    images = await MountedImages.create();
    await openDisk();
    const expected = Buffer.from(images.origin);
    await file.truncate(70_001);
    await file.truncate(images.origin.length + 5000);
    const grown = Buffer.concat([expected.subarray(0, 70_001), Buffer.alloc(935_002)]);
    assert((await readAll(images.path)).equals(grown));
    // A write into the block that was cut must not bring the rest of it back.
    await file.write(Buffer.from('!'), 0, 1, 70_100);
    grown.write('!', 70_100);
    assert((await readAll(images.path)).equals(grown));
  });

  it('writes what it has room for, and keeps the old bytes of the rest', async () => {
    images = await MountedImages.create();
    await openDisk();
    const expected = Buffer.from(images.origin);
    assert.match(await overwrite(0, 3 * 4096, 6000), /File too large/);
    assert.match(await overwrite(8192, 3 * 4096, 6000), /File too large/);
    const grown = await withRoomFor(6000, 'truncate', '--size=2000000', images.path);
    assert.match(grown, /File too large/);
    expected.fill(0xff, 0, 4096);
    assert((await readAll(images.path)).equals(expected));
  });

  it('shows nothing of a write that failed half way', async () => {
    images = await MountedImages.create();
    await openDisk();
    await file.truncate(5000);
    await file.truncate(images.origin.length);
    assert.match(await overwrite(4096, 4096, 7000), /File too large/);
    const expected = Buffer.alloc(images.origin.length);
    images.origin.copy(expected, 0, 0, 5000);
    assert((await readAll(images.path)).equals(expected));
    // All that the block shows of the pristine image is replaced, and nothing else of it.
    await file.write(Buffer.alloc(1000, 'x'), 0, 1000, 4096);
    expected.fill('x', 4096, 5096);
    assert((await readAll(images.path)).equals(expected));
  });

  it('agrees with a plain buffer over thousands of random steps', async function () {
    this.timeout(60_000);
    const random = seeded(20);
    images = await MountedImages.create({
      sizeBytes: 700_001,
      chunkBytes: 16_384,
      onMiss: ({ chunk }, self) => {
        setTimeout(() => void self.deliver(chunk), random() * 3);
      },
    });
    await openDisk();
    const cached = await open(images.path, 'r+');
    const model = new Model(images.origin);
    const upTo = (limit: number): number => Math.floor(random() * limit);
    const aligned = (value: number): number => (random() < 0.5 ? value : value - (value % 4096));
    try {
      for (let step = 0; step < 3000; step += 1) {
        const through = random() < 0.5 ? file : cached;
        const choice = random();
        const offset = aligned(upTo(model.bytes.length + 20_000));
        const length = 1 + aligned(upTo(random() < 0.8 ? 9000 : 150_000));
        const where = `step ${String(step)}, ${String(offset)}+${String(length)}`;
        if (choice < 0.45) {
          const buffer = Buffer.alloc(length);
          const { bytesRead } = await through.read(buffer, 0, length, offset);
          const expected = model.bytes.subarray(offset, offset + length);
          assert.equal(bytesRead, expected.length, where);
          assert(buffer.subarray(0, bytesRead).equals(expected), where);
        } else if (choice < 0.9) {
          const data = randomBytes(length, random);
          assert.equal((await through.write(data, 0, length, offset)).bytesWritten, length, where);
          model.write(offset, data);
        } else if (choice < 0.97) {
          const size = aligned(upTo(900_000));
          await through.truncate(size);
          model.resize(size);
        } else {
          await punch(images.path, offset, length);
          model.bytes.subarray(offset, offset + length).fill(0);
        }
        assert.equal((await file.stat()).size, model.bytes.length, where);
      }
      assert((await readAll(images.path)).equals(model.bytes));
    } finally {
      await cached.close();
    }
  });
});

/**
 * Runs a program while this process, which holds the overlay, may make files of so many bytes at
 * most; returns what the program says on stderr.
 */
async function withRoomFor(bytes: number, ...command: string[]): Promise<string> {
  await limitFileSize(String(bytes));
  try {
    return (await new Program('prlimit', '--fsize=unlimited:', ...command).ended).errors;
  } finally {
    await limitFileSize('unlimited');
  }
}

async function limitFileSize(limit: string): Promise<void> {
  const own = ['--pid', String(process.pid)];
  const { status, errors } = await new Program('prlimit', ...own, `--fsize=${limit}:`).ended;
  assert.equal(status, 0, errors);
}

async function punch(path: string, offset: number, length: number): Promise<void> {
  const { status, errors } = await new Program(
    'fallocate',
    '--punch-hole',
    '--offset',
    String(offset),
    '--length',
    String(length),
    path,
  ).ended;
  assert.equal(status, 0, errors);
}
