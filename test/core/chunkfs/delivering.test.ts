import assert from 'node:assert/strict';
import { constants as flags } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { seeded } from '../../support/random.js';
import { until } from '../../support/wait.js';
import { MountedImages, Program } from './mounted-images.js';

const never = (): undefined => undefined;
const MEBIBYTE = 2 ** 20;

/** Cuts `[0, length)` into pieces at random boundaries, in a random order. */
function randomPieces(length: number, random: () => number): { offset: number; length: number }[] {
  const pieces = [];
  for (let offset = 0; offset < length;) {
    const size = Math.min(length - offset, 1 + Math.floor(random() ** 3 * 200_000));
    pieces.push({ offset, length: size, order: random() });
    offset += size;
  }
  return pieces.sort((one, other) => one.order - other.order);
}

describe('delivering bytes', () => {
  let images: MountedImages;
  afterEach(() => images.close());

  it('puts chunks together from pieces in any order, for many readers anywhere', async function () {
    this.timeout(30_000);
    const seed = Math.floor(Math.random() * 2 ** 31);
    const random = seeded(seed);
    images = await MountedImages.create({ sizeBytes: 8 * MEBIBYTE + 4321, onMiss: never });
    const { origin } = images;
    const file = await open(images.path, flags.O_RDONLY | flags.O_DIRECT);
    try {
      const readers = Array.from({ length: 150 }, async () => {
        await sleep(random() * 300);
        const offset = Math.floor(random() * origin.length);
        const buffer = Buffer.alloc(1 + Math.floor(random() ** 3 * 400_000));
        const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
        const where = `seed ${String(seed)}: ${String(offset)}+${String(buffer.length)}`;
        assert.equal(bytesRead, Math.min(buffer.length, origin.length - offset), where);
        const expected = origin.subarray(offset, offset + bytesRead);
        assert(buffer.subarray(0, bytesRead).equals(expected), where);
      });
      const pieces = randomPieces(origin.length, random);
      for (const { offset, length } of pieces) {
        await images.deliverBytes(offset, length);
        // Some come twice, and some overlap what has come.
        if (random() < 0.2) await images.deliverBytes(Math.max(0, offset - 1000), 1500);
        if (random() < 0.3) await sleep(1);
      }
      await Promise.all(readers);
    } finally {
      await file.close();
    }
    await images.stored(images.chunks);
    assert((await images.pristineContent()).equals(origin), `seed ${String(seed)}`);
  });

  it('answers a reader of the middle before the rest of the chunk has come', async () => {
    images = await MountedImages.create({ onMiss: never });
    const from = images.chunkBytes + 20_480;
    const reader = Program.reading(images.path, from, 4096, true);
    await until('the miss', () => images.misses.length === 1);
    const [miss] = images.misses;
    assert.deepEqual(miss, {
      image: 'disk',
      chunk: 1,
      offsetInChunk: 20_480,
      lengthInChunk: 4096,
      kind: 'read',
    });
    await images.deliverBytes(from, 4095);
    await sleep(50);
    assert.equal(images.statistics.waiting, 1);
    await images.deliverBytes(from + 4095, 1);
    assert((await reader.ended).output.equals(images.origin.subarray(from, from + 4096)));
    assert.equal(images.statistics.chunksPresent, 0);
    assert.equal(images.mount.isPresent('disk', 1), false);

    // Only these were asked for: who reads what is missing of the same chunk asks for that.
    const others = [1, 2].map(() => Program.reading(images.path, images.chunkBytes, 512, true));
    await until('the others wait', () => images.statistics.waiting === 2);
    await images.deliver(1);
    for (const other of others) {
      assert((await other.ended).output.equals(images.bytesOf(1).subarray(0, 512)));
    }
    assert.deepEqual(
      images.misses.slice(1).map(({ chunk, offsetInChunk }) => [chunk, offsetInChunk]),
      [[1, 0]],
    );
    assert.equal(images.mount.isPresent('disk', 1), true);
    await images.stored(1);
  });

  it('asks anew for what was released in part, also for those who wait already', async () => {
    images = await MountedImages.create({ onMiss: never });
    const first = Program.reading(images.path, 0, 4096, true);
    await until('the miss', () => images.misses.length === 1);
    await images.deliverBytes(0, 4096);
    await first.ended;
    const waiting = Program.reading(images.path, 8192, 4096, true);
    await until('the second miss', () => images.misses.length === 2);
    images.mount.release('disk', 0, 1);
    await until('it is missed again', () => images.misses.length === 3);
    const again = Program.reading(images.path, 0, 4096, true);
    await until('the first is missed again', () => images.misses.length === 4);
    assert.deepEqual(
      images.misses.map(({ offsetInChunk }) => offsetInChunk),
      [0, 8192, 8192, 0],
    );
    await images.deliver(0);
    assert((await waiting.ended).output.equals(images.origin.subarray(8192, 12_288)));
    assert((await again.ended).output.equals(images.origin.subarray(0, 4096)));
  });

  it('answers a read over several chunks from pieces, memory and store together', async () => {
    images = await MountedImages.create({ chunkBytes: 4096, onMiss: never });
    await images.deliver(1);
    await images.stored(1);
    const reader = Program.reading(images.path, 1000, 12_000, true);
    await until('the misses', () => images.misses.length === 3);
    assert.deepEqual(
      images.misses.map(({ chunk, offsetInChunk, lengthInChunk }) => [
        chunk,
        offsetInChunk,
        lengthInChunk,
      ]),
      [
        [0, 1000, 3096],
        [2, 0, 4096],
        [3, 0, 712],
      ],
    );
    await images.deliverBytes(8000, 5000);
    await images.deliverBytes(900, 3196);
    assert((await reader.ended).output.equals(images.origin.subarray(1000, 13_000)));
    await images.stored(2);
  });

  it('lets a write into a part of a block go on from bytes of an unfinished chunk', async () => {
    images = await MountedImages.create({ onMiss: never });
    const file = await open(images.path, flags.O_RDWR | flags.O_DIRECT);
    try {
      const written = file.write(Buffer.from('changed'), 0, 7, 5000);
      await until('the miss', () => images.misses.length === 1);
      const [miss] = images.misses;
      assert.deepEqual(
        [miss?.offsetInChunk, miss?.lengthInChunk, miss?.kind],
        [4096, 4096, 'write'],
      );
      await images.deliverBytes(4096, 4096);
      assert.equal((await written).bytesWritten, 7);
      const block = Buffer.alloc(4096);
      await file.read(block, 0, 4096, 4096);
      const expected = Buffer.from(images.origin.subarray(4096, 8192));
      expected.write('changed', 5000 - 4096);
      assert(block.equals(expected));
      assert.equal(images.statistics.chunksPresent, 0);
    } finally {
      await file.close();
    }
  });

  it('forgets what came of a chunk that is released or has failed', async () => {
    images = await MountedImages.create({ onMiss: never });
    const read = (): Program => Program.reading(images.path, 0, 4096, true);
    await images.deliverBytes(0, 8192);
    assert((await read().ended).output.equals(images.origin.subarray(0, 4096)));
    images.mount.release('disk', 0, 1);
    const second = read();
    await until('it is missing again', () => images.misses.length === 1);
    await images.deliverBytes(4096, 8192);
    images.mount.failChunk('disk', 0, constants.errno.EIO);
    assert.match((await second.ended).errors, /Input\/output error/);
    const third = read();
    await until('it is asked for again', () => images.misses.length === 2);
    await images.deliverBytes(8192, images.chunkBytes - 8192);
    await sleep(50);
    assert.equal(images.mount.isPresent('disk', 0), false);
    await images.deliverBytes(0, 8192);
    assert((await third.ended).output.equals(images.origin.subarray(0, 4096)));
    await images.stored(1);
    // What is whole is not forgotten.
    images.mount.release('disk', 0, 10);
    assert.equal(images.mount.isPresent('disk', 0), true);
  });

  /**
   * The chunks are stored in a file of another mount, where the first write waits for a chunk (and
   * all others wait for the first): nothing is stored until `slow.deliverAll`.
   */
  async function storeNothing(): Promise<MountedImages> {
    const slow = await MountedImages.create({ sizeBytes: 36 * MEBIBYTE + 100, onMiss: never });
    const sizeBytes = 36 * MEBIBYTE + 99;
    images = await MountedImages.create({
      sizeBytes,
      chunkBytes: 131_072,
      pristinePath: slow.path,
      onMiss: never,
    });
    await images.deliver(images.chunks - 1);
    await until('the first write waits', () => slow.statistics.waiting > 0);
    return slow;
  }

  it('holds back who delivers faster than the disk stores', async () => {
    const slow = await storeNothing();
    try {
      let delivered = 99;
      let room: Promise<void> | null = null;
      for (let chunk = 0; room === null; chunk += 1) {
        room = images.deliverBytes(chunk * images.chunkBytes, images.chunkBytes);
        delivered += images.chunkBytes;
      }
      assert(delivered > 32 * MEBIBYTE && delivered < 33 * MEBIBYTE, `${String(delivered)} bytes`);
      const early = await Promise.race([room.then(() => 'room'), sleep(100, 'none')]);
      assert.equal(early, 'none');
      // What waits is served.
      const reader = Program.reading(images.path, 20 * MEBIBYTE, 4096, true);
      const expected = images.origin.subarray(20 * MEBIBYTE, 20 * MEBIBYTE + 4096);
      assert((await reader.ended).output.equals(expected));
      await slow.deliver(slow.chunks - 1);
      await room;
      assert(images.statistics.chunksPresent * images.chunkBytes > 16 * MEBIBYTE);
      await images.deliverAll();
      assert((await readFile(slow.path)).subarray(0, -1).equals(images.origin));
    } finally {
      await slow.deliverAll();
      await images.mount.unmount();
      await slow.close();
    }
  });

  it('holds back all who deliver meanwhile, whenever they come', async () => {
    const slow = await storeNothing();
    try {
      const rooms = [images.deliverBytes(0, 33 * MEBIBYTE)];
      while (rooms.length < 50) {
        await sleep(0);
        rooms.push(images.deliverBytes(34 * MEBIBYTE, 4096));
      }
      assert(rooms.every((room) => room instanceof Promise));
      await slow.deliver(slow.chunks - 1);
      await Promise.all(rooms);
    } finally {
      await slow.deliverAll();
      await images.mount.unmount();
      await slow.close();
    }
  });

  it('resolves what is held back when the mount ends', async () => {
    const slow = await storeNothing();
    try {
      const room = images.deliverBytes(0, 35 * MEBIBYTE);
      assert(room !== null);
      const unmounted = images.mount.unmount();
      await slow.deliver(slow.chunks - 1);
      await Promise.all([unmounted, room]);
    } finally {
      await slow.deliverAll();
      await images.mount.unmount();
      await slow.close();
    }
  });
});

describe('with caching off', () => {
  let images: MountedImages;
  afterEach(() => images.close());

  it('serves the newest chunks from memory and stores none', async function () {
    this.timeout(30_000);
    images = await MountedImages.create({ sizeBytes: 36 * MEBIBYTE, chunkBytes: 131_072 });
    images.mount.setCaching(false);
    assert((await readFile(images.path)).equals(images.origin));
    assert.equal(images.misses.length, images.chunks);
    assert.equal(images.statistics.chunksPresent, 0);
    assert.equal(
      (await images.pristineContent()).every((byte) => byte === 0),
      true,
    );

    const readAgain = async (chunk: number): Promise<number> => {
      const before = images.misses.length;
      const { output } = await Program.reading(images.path, chunk * images.chunkBytes, 4096, true)
        .ended;
      assert(output.equals(images.bytesOf(chunk).subarray(0, 4096)));
      return images.misses.length - before;
    };
    const last = images.chunks - 1;
    assert.equal(await readAgain(last), 0);
    assert.equal(await readAgain(images.chunks - 250), 0);
    assert.equal(await readAgain(0), 1);
    // Now the oldest is out, but not the one that was read a moment ago.
    assert.equal(images.mount.isPresent('disk', images.chunks - 256), false);
    assert.equal(images.mount.isPresent('disk', images.chunks - 250), true);
  });

  it('stores what is in memory once caching is on again', async () => {
    images = await MountedImages.create({ onMiss: never });
    images.mount.setCaching(false);
    for (let chunk = 0; chunk < images.chunks; chunk += 1) await images.deliver(chunk);
    assert.equal(images.statistics.chunksPresent, 0);
    images.mount.setCaching(true);
    await images.stored(images.chunks);
    assert((await images.pristineContent()).equals(images.origin));
    assert((await readFile(images.path)).equals(images.origin));
    assert.deepEqual(images.misses, []);
  });
});
