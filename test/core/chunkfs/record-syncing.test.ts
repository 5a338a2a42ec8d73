import assert from 'node:assert/strict';
import { open } from 'node:fs/promises';
import { until } from '../../support/wait.js';
import { marksIn } from './record-files.js';
import { CHUNK_BYTES, RecordedImage } from './recorded-image.js';
import { endOf, foundBy, removeDeadMounts, startProcess } from './record-under-faults.js';

describe('making a record durable', () => {
  let image: RecordedImage;
  beforeEach(async () => {
    image = await RecordedImage.create();
  });
  afterEach(() => image.close());

  async function damage(chunk: number): Promise<void> {
    const data = await open(image.path('data'), 'r+');
    await data.write(Buffer.from('damaged'), 0, 7, chunk * CHUNK_BYTES);
    await data.close();
  }

  it('is done when asked, for all that was stored before', async () => {
    const mounted = await image.mount();
    await mounted.deliverEach([3, 9]);
    await mounted.sync();
    assert.deepEqual(await marksIn(image, 'record'), [3, 9]);
    await mounted.deliver(4);
    await Promise.all([mounted.sync(), mounted.sync()]);
    assert.deepEqual(await marksIn(image, 'record'), [3, 4, 9]);
  });

  it('is done within seconds without being asked', async () => {
    const mounted = await image.mount();
    await mounted.deliver(5);
    await until('it is durable', async () => (await marksIn(image, 'record')).includes(5), 8000);
  });

  it('is done for what a killed process left, by the next one', async () => {
    const child = startProcess(image, 'hold', 1);
    const ended = endOf(child);
    await until('it has stored', async () => (await marksIn(image, 'live')).length === 10);
    child.kill('SIGKILL');
    await ended;
    await removeDeadMounts(image, child.pid);
    const mounted = await image.mount();
    await mounted.close();
    assert.equal((await marksIn(image, 'record')).length, 10);
  });

  it('is refused after the end', async () => {
    const mounted = await image.mount();
    await mounted.close();
    await assert.rejects(mounted.sync(), { name: 'AbortError' });
  });

  describe('when the disk does not take what is stored', () => {
    it('forgets that, so that it is brought again', async () => {
      assert.deepEqual(await foundBy(image, 'fail'), {
        failed: 'host-input-output',
        again: 'durable',
        right: true,
        damaged: 0,
        misses: 3,
        syncFailures: 1,
      });
      assert.deepEqual(await marksIn(image, 'record'), [0, 1, 2, 3]);
    });

    it('forgets also what was durable before it was found damaged and stored anew', async () => {
      const mounted = await image.mount();
      await mounted.deliverEach([0, 1, 2]);
      await mounted.close();
      await damage(1);
      assert.deepEqual(await foundBy(image, 'fail-again'), {
        failed: 'host-input-output',
        right: true,
        damaged: 1,
        misses: 2,
      });
      assert.deepEqual(await marksIn(image, 'record'), [0, 1, 2]);
    });

    it('has all others that use the record forget it, and those who come later', async () => {
      assert.deepEqual(await foundBy(image, 'fail-shared'), {
        failed: 'host-input-output',
        right: [true, true, true, true],
        misses: [0, 1, 2],
      });
      assert.deepEqual(await marksIn(image, 'record'), [0, 1, 2]);
    });
  });

  it('takes a chunk that is damaged meanwhile back', async () => {
    const mounted = await image.mount();
    await mounted.deliverEach([0, 1]);
    await mounted.close();
    await damage(1);
    const next = await image.mount({ onMiss: () => undefined });
    const reader = next.readFirst(2);
    await until('it is missed', () => next.misses.includes(1));
    await next.sync();
    assert.deepEqual(await marksIn(image, 'record'), [0]);
    await next.deliver(1);
    await reader;
  });
});
