import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHUNK_BYTES } from '../../../src/core/image/index.js';
import { disk, PagedPackage } from './paged-package.js';

const at = (chunk: number): number => chunk * CHUNK_BYTES;

describe('Chunks that another process fetches', () => {
  it('are waited for, and not fetched', async () => {
    await using paged = (await PagedPackage.open()).attach();
    paged.mount.claimedByOthers.add('disk 4');
    const reading = paged.read(at(4) + 70_000, 10);
    await sleep(100);
    paged.mount.bring('disk', 4, disk.subarray(at(4), at(5)));
    assert.ok((await reading).equals(disk.subarray(at(4) + 70_000, at(4) + 70_010)));
    await paged.pager.settle();
    assert.deepEqual(paged.asked, []);
  });

  it('are fetched when it gives them back', async () => {
    await using paged = (await PagedPackage.open()).attach();
    paged.mount.claimedByOthers.add('disk 4');
    const reading = paged.read(at(4), 10);
    await sleep(100);
    paged.mount.claimedByOthers.delete('disk 4');
    const begin = performance.now();
    await reading;
    assert.ok(performance.now() - begin < 500);
    await paged.pager.settle();
    assert.deepEqual(paged.asked, [[at(4), at(5)]]);
  });

  it('are taken from it after 2 s', async () => {
    await using paged = (await PagedPackage.open()).attach();
    paged.mount.claimedByOthers.add('disk 4');
    const begin = performance.now();
    await paged.read(at(4), 10);
    const milliseconds = performance.now() - begin;
    assert.ok(milliseconds > 1900 && milliseconds < 3000, `${milliseconds} ms`);
  });

  it('are left to it by what is fetched ahead', async () => {
    await using paged = (await PagedPackage.open()).attach();
    for (const chunk of [6, 7, 12]) paged.mount.claimedByOthers.add(`disk ${chunk}`);
    for (let chunk = 0; chunk < 6; chunk++) await paged.read(at(chunk), CHUNK_BYTES);
    await sleep(100);
    for (const chunk of [6, 7, 12]) {
      const inside = ([begin, end]: readonly [number, number]) =>
        begin <= at(chunk) && end > at(chunk);
      assert.equal(paged.asked.some(inside), false, `chunk ${chunk}`);
    }
    assert.ok(paged.mount.isPresent('disk', 8));
  });

  it('fail their readers when the pager is stopped', async () => {
    await using paged = (await PagedPackage.open()).attach();
    paged.mount.claimedByOthers.add('disk 4');
    const reading = assert.rejects(paged.read(at(4), 10), /EIO/);
    await sleep(20);
    paged.pager.stop();
    await reading;
    await paged.pager.settle();
  });
});
