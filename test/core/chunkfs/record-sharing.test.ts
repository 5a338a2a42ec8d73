import assert from 'node:assert/strict';
import { open, readFile } from 'node:fs/promises';
import { until } from '../../support/wait.js';
import { Program } from './mounted-images.js';
import { marksIn } from './record-files.js';
import { CHUNK_BYTES, RecordedImage } from './recorded-image.js';
import { endOf, removeDeadMounts, startProcess } from './record-under-faults.js';

const never = (): undefined => undefined;

describe('mounts that share a record', () => {
  let image: RecordedImage;
  beforeEach(async () => {
    image = await RecordedImage.create();
  });
  afterEach(() => image.close());

  it('serve what another one brought, though nobody told them', async () => {
    const one = await image.mount();
    const other = await image.mount({ onMiss: never });
    const all = Array.from({ length: image.chunks }, (_, chunk) => chunk);
    await one.deliverEach(all);
    assert.equal(other.statistics.chunksPresent, image.chunks);
    assert((await other.readAll()).equals(image.origin));
    assert.deepEqual(other.misses, []);
  });

  it('let readers go on that wait for what another one brings, once they are woken', async () => {
    const one = await image.mount();
    const other = await image.mount({ onMiss: never });
    const reader = Program.reading(other.path, 3 * CHUNK_BYTES, 4096, true);
    await until('the reader waits', () => other.statistics.waiting === 1);
    await one.deliver(3);
    assert.equal(other.statistics.waiting, 1);
    other.wake(3, 1);
    assert((await reader.ended).output.equals(image.bytesOf(3).subarray(0, 4096)));
  });

  it('ask again for a chunk that was damaged after another one brought it', async () => {
    const one = await image.mount();
    await one.deliver(6);
    const data = await open(image.path('data'), 'r+');
    await data.write(Buffer.from('damaged'), 0, 7, 6 * CHUNK_BYTES);
    await data.close();
    const other = await image.mount();
    assert((await other.readAll()).equals(image.origin));
    assert.deepEqual([other.statistics.damaged, other.isPresent(6)], [1, true]);
    assert((await readFile(image.path('data'))).equals(image.origin));
  });

  it('do not see what others bring without a live file, yet lose nothing of it', async () => {
    const one = await image.mount();
    const other = await image.mount({ live: false, onMiss: never });
    await one.deliverEach([0, 1]);
    assert.equal(other.isPresent(0), false);
    await other.deliverEach([1, 2]);
    await one.close();
    await other.close();
    assert.deepEqual(await marksIn(image, 'record'), [0, 1, 2]);
  });

  it('forget together', async () => {
    const one = await image.mount();
    await one.deliverEach([0, 1]);
    await one.sync();
    await one.forgetAll();
    const other = await image.mount();
    assert.deepEqual([one.isPresent(0), other.statistics.chunksPresent], [false, 0]);
    await until('it is durable', async () => (await marksIn(image, 'record')).length === 0);
    assert((await one.readAll()).equals(image.origin));
    assert.equal(one.misses.length, image.chunks);
  });

  it('store anew what another one forgot', async () => {
    const one = await image.mount();
    const other = await image.mount({ onMiss: never });
    await one.deliver(4);
    await one.readFirst(5);
    const { length } = one.misses;
    await other.forgetAll();
    assert.equal(one.isPresent(4), false);
    assert.deepEqual([one.claim(4, 1), other.claim(4, 1)], [1, 0]);
    await one.deliver(4);
    assert.equal(other.isPresent(4), true);
    // Its claim ended with that.
    await other.forgetAll();
    assert.equal(other.claim(4, 1), 1);
    other.release(4, 1);
    assert((await one.readFirst(5)).equals(image.origin.subarray(0, 5 * CHUNK_BYTES)));
    assert.deepEqual(one.misses.slice(length).sort(), [0, 1, 2, 3, 4]);
  });

  it('are compared as a whole when asked, and left alone after the end', async () => {
    const one = await image.mount();
    await one.deliverEach([0, 1, 2, 3]);
    const other = await image.mount({ onMiss: never });
    const data = await open(image.path('data'), 'r+');
    await data.write(Buffer.from('damaged'), 0, 7, 2 * CHUNK_BYTES);
    await data.close();
    await other.compare();
    assert.deepEqual([other.statistics.damaged, one.statistics.chunksPresent], [1, 3]);
    const ending = other.close();
    await Promise.allSettled([other.compare(), other.forgetAll()]);
    await ending;
    await one.deliver(2);
    const present = one.statistics.chunksPresent;
    await assert.rejects(other.compare(), { name: 'AbortError' });
    await assert.rejects(other.forgetAll(), { name: 'AbortError' });
    assert.equal(one.statistics.chunksPresent, present);
    assert.equal(other.statistics.damaged, 1);
  });

  describe('claim chunks to fetch', () => {
    it('each for itself, as far as no other has and none is present', async () => {
      const one = await image.mount();
      const other = await image.mount();
      await one.deliver(8);
      assert.equal(one.claim(2, 100), 6);
      assert.equal(one.claim(2, 100), 6);
      assert.equal(one.claim(8, 1), 0);
      assert.equal(other.claim(0, 100), 2);
      assert.equal(other.claim(5, 1), 0);
      assert.equal(one.claim(0, 1), 0);
      assert.equal(one.claim(9, 1000), image.chunks - 9);
    });

    it('and give them back, or have them taken away', async () => {
      const one = await image.mount();
      const other = await image.mount();
      one.claim(0, 4);
      one.release(1, 1);
      assert.equal(other.claim(1, 3), 1);
      assert.equal(other.claim(2, 10, true), 10);
      assert.equal(one.claim(2, 1), 0);
      // What was stolen cannot be given back.
      one.release(2, 1);
      assert.equal(one.claim(2, 1), 0);
    });

    it('until the chunk is there', async () => {
      const one = await image.mount();
      const other = await image.mount();
      one.claim(0, 2);
      await other.deliver(0);
      await other.forgetAll();
      assert.equal(other.claim(0, 2), 1);
    });

    it('until the mount ends', async () => {
      const one = await image.mount();
      const other = await image.mount();
      one.claim(0, 2);
      await one.close();
      assert.equal(other.claim(0, 2), 2);
      assert.equal(one.claim(5, 2), 2);
      assert.equal(other.claim(5, 2), 2);
    });

    it('without knowing of each other where there is no live file', async () => {
      const one = await image.mount({ live: false });
      const other = await image.mount({ live: false });
      assert.deepEqual([one.claim(0, 3), other.claim(0, 3)], [3, 3]);
    });

    it('no more than 64 of them, and the others heed those', async () => {
      const many = [];
      for (let count = 0; count < 64; count += 1) many.push(await image.mount());
      const last = await image.mount();
      const before = many[63];
      assert(before !== undefined);
      assert.equal(before.claim(0, 2), 2);
      assert.equal(last.claim(0, 2), 0);
      assert.equal(last.claim(2, 2), 2);
      assert.equal(before.claim(2, 2), 2);
    });
  });

  it('lose nothing of a killed process but its claims', async () => {
    const child = startProcess(image, 'hold', 1);
    const ended = endOf(child);
    assert(child.stdout !== null);
    let said = '';
    child.stdout.on('data', (part: Buffer) => (said += part.toString()));
    await until('it has claimed', () => said === 'ready\n');
    const mounted = await image.mount({ onMiss: never });
    assert.equal(mounted.statistics.chunksPresent, 10);
    assert.equal(mounted.claim(10, 10), 0);
    child.kill('SIGKILL');
    assert.equal(await ended, 'SIGKILL');
    await removeDeadMounts(image, child.pid);
    assert.equal(mounted.claim(10, 10), 10);
    assert((await mounted.readFirst(10)).equals(image.origin.subarray(0, 10 * CHUNK_BYTES)));
    assert.deepEqual([mounted.misses, mounted.statistics.damaged], [[], 0]);
  });
});
