import assert from 'node:assert/strict';
import { constants as flags } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { seeded } from '../../support/random.js';
import { until } from '../../support/wait.js';
import { MountedImages, Program } from './mounted-images.js';

const never = (): undefined => undefined;

describe('waiting for a chunk', () => {
  let images: MountedImages;
  afterEach(() => images.close());

  it('ends with EIO at the limit, and a late chunk is welcome', async () => {
    images = await MountedImages.create({ waitMilliseconds: 200, onMiss: never });
    const file = await open(images.path, flags.O_RDWR | flags.O_DIRECT);
    try {
      const buffer = Buffer.alloc(100);
      const begin = performance.now();
      await assert.rejects(file.read(buffer, 0, 100, 0), { code: 'EIO' });
      const waited = performance.now() - begin;
      assert(waited >= 195 && waited < 1000, `waited ${String(waited)} ms`);
      await assert.rejects(file.write(buffer, 0, 100, 50), { code: 'EIO' });
      assert.equal(images.misses.length, 1);
      assert.equal(images.statistics.waiting, 0);
      await images.deliver(0);
      await file.read(buffer, 0, 100, 0);
      assert(buffer.equals(images.origin.subarray(0, 100)));
      assert.equal(images.misses.length, 1);
    } finally {
      await file.close();
    }
  });

  it('does not add up: the kernel’s own second try ends at once', async () => {
    images = await MountedImages.create({ waitMilliseconds: 300, onMiss: never });
    // Through the page cache: a failed read-ahead is followed by a read of each page.
    const file = await open(images.path, 'r');
    try {
      const begin = performance.now();
      await assert.rejects(file.read(Buffer.alloc(100_000), 0, 100_000, 0), { code: 'EIO' });
      const waited = performance.now() - begin;
      assert(waited >= 295 && waited < 590, `waited ${String(waited)} ms`);
      await images.deliver(0);
      assert.equal((await file.read(Buffer.alloc(100), 0, 100, 0)).bytesRead, 100);
    } finally {
      await file.close();
    }
  });

  it('is worth it again once something of the chunk has come', async () => {
    images = await MountedImages.create({ onMiss: never, waitMilliseconds: 200 });
    const file = await open(images.path, flags.O_RDONLY | flags.O_DIRECT);
    try {
      const read = (offset: number) => file.read(Buffer.alloc(512), 0, 512, offset);
      await assert.rejects(read(0), { code: 'EIO' });
      const begin = performance.now();
      await assert.rejects(read(8192), { code: 'EIO' });
      assert(performance.now() - begin < 150);
      await images.deliverBytes(0, 512);
      const reading = read(8192);
      await until('the miss', () => images.misses.length === 2);
      await images.deliverBytes(8192, 512);
      await reading;
    } finally {
      await file.close();
    }
  });

  it('goes on as long as it takes without a limit', async () => {
    images = await MountedImages.create({ onMiss: never });
    const reader = Program.reading(images.path, 0, 4096);
    await until('the reader waits', () => images.statistics.waiting > 0);
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert(images.statistics.waiting > 0);
    await images.deliverAll();
    assert.equal((await reader.ended).status, 0);
  });

  it('has the limit that is set later, for requests from then on', async () => {
    images = await MountedImages.create({ onMiss: never });
    const before = Program.reading(images.path, 0, 4096);
    await until('the reader waits', () => images.statistics.waiting > 0);
    images.mount.limitWait('disk', 200);
    const file = await open(images.path, flags.O_RDONLY | flags.O_DIRECT);
    try {
      await assert.rejects(file.read(Buffer.alloc(100), 0, 100, 0), { code: 'EIO' });
    } finally {
      await file.close();
    }
    assert(images.statistics.waiting > 0);
    await images.deliverAll();
    assert.equal((await before.ended).status, 0);
  });

  it('ends with the error of a failed chunk, and the next read asks again', async () => {
    let fail = true;
    images = await MountedImages.create({
      onMiss: ({ chunk }, self) => {
        if (fail) self.mount.failChunk('disk', chunk, constants.errno.ETIMEDOUT);
        else void self.deliver(chunk);
      },
    });
    const file = await open(images.path, flags.O_RDONLY | flags.O_DIRECT);
    try {
      const buffer = Buffer.alloc(10);
      await assert.rejects(file.read(buffer, 0, 10, 0), { code: 'ETIMEDOUT' });
      fail = false;
      await file.read(buffer, 0, 10, 0);
      assert(buffer.equals(images.origin.subarray(0, 10)));
      assert.equal(images.misses.length, 2);
    } finally {
      await file.close();
    }
  });

  for (const direct of [false, true]) {
    it(`dies with its process at once (${direct ? 'O_DIRECT' : 'page cache'})`, async () => {
      images = await MountedImages.create({ onMiss: never });
      const reader = Program.reading(images.path, 0, 4096, direct);
      await until('the reader waits', () => images.statistics.waiting > 0);
      const begin = performance.now();
      reader.kill('SIGKILL');
      assert.equal((await reader.ended).signal, 'SIGKILL');
      assert(performance.now() - begin < 1000);
      if (direct) assert.equal(images.statistics.waiting, 0);
    });
  }

  it('dies with its process whenever the signal comes', async function () {
    this.timeout(60_000);
    images = await MountedImages.create({ onMiss: never });
    const random = seeded(3);
    for (let round = 0; round < 12; round += 1) {
      const readers = Array.from({ length: 8 }, (_, at) =>
        Program.reading(images.path, at * images.chunkBytes, 300_000, true),
      );
      for (const reader of readers) {
        setTimeout(() => {
          reader.kill('SIGKILL');
        }, random() * 15);
      }
      for (const reader of readers) await reader.ended;
    }
    assert.equal(images.statistics.waiting, 0);
    await images.deliverAll();
    assert((await readFile(images.path)).equals(images.origin));
  });

  it('is over for everybody once all has failed', async () => {
    images = await MountedImages.create({ onMiss: never });
    await images.deliver(2);
    const readers = [0, 5].map((chunk) =>
      Program.reading(images.path, chunk * images.chunkBytes, 4096, true),
    );
    await until('both wait', () => images.misses.length === 2);
    assert.equal(images.statistics.waiting, 2);
    images.mount.failAll(constants.errno.EIO);
    for (const reader of readers) assert.match((await reader.ended).errors, /Input\/output error/);
    const asked = images.misses.length;
    await assert.rejects(readFile(images.path), { code: 'EIO' });
    assert.equal(images.misses.length, asked);
    const present = Program.reading(images.path, 2 * images.chunkBytes, 4096, true);
    assert((await present.ended).output.equals(images.bytesOf(2).subarray(0, 4096)));
  });

  it('ends with the right bytes though there is no space to store them', async () => {
    images = await MountedImages.create({ chunkBytes: 4096, pristinePath: '/dev/full' });
    assert((await readFile(images.path)).equals(images.origin));
    await until('all failures are told', () => images.storeFailures.length === images.chunks);
    assert(images.storeFailures.every(({ errno }) => errno === constants.errno.ENOSPC));
    assert.equal(images.statistics.chunksPresent, 0);
  });
});
