import assert from 'node:assert/strict';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../support/wait.js';
import { marksIn } from './record-files.js';
import { CHUNK_BYTES, RecordedImage } from './recorded-image.js';
import { compileFaults, endOf, removeDeadMounts, startProcess } from './record-under-faults.js';

describe('making a record durable', () => {
  let image: RecordedImage;
  beforeEach(async () => {
    image = await RecordedImage.create();
  });
  afterEach(() => image.close());

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

  it('leaves out what the disk has lost, which is read on, and compared', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'faults-'));
    try {
      const child = startProcess(image, 'fail', 1, { LD_PRELOAD: await compileFaults(folder) });
      let said = '';
      child.stdout?.on('data', (part: Buffer) => (said += part.toString()));
      assert.equal(await endOf(child), null);
      assert.deepEqual(JSON.parse(said), {
        failed: 'host-input-output',
        again: 'host-input-output',
        right: true,
        damaged: 1,
        misses: 1,
        syncFailures: 2,
      });
      // Chunk 2 was fetched again, 3 was stored later.
      assert.deepEqual(await marksIn(image, 'record'), [2, 3]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('takes a chunk that is damaged meanwhile back', async () => {
    const mounted = await image.mount();
    await mounted.deliverEach([0, 1]);
    await mounted.close();
    const data = await open(image.path('data'), 'r+');
    await data.write(Buffer.from('damaged'), 0, 7, CHUNK_BYTES);
    await data.close();
    const next = await image.mount({ onMiss: () => undefined });
    const reader = next.readFirst(2);
    await until('it is missed', () => next.misses.includes(1));
    await next.sync();
    assert.deepEqual(await marksIn(image, 'record'), [0]);
    await next.deliver(1);
    await reader;
  });
});
