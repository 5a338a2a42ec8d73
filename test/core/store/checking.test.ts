import assert from 'node:assert/strict';
import { writeSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { StoredImage } from '../../../src/core/store/index.js';
import { randomBytes, seeded } from '../../support/random.js';
import { fetchInto } from './fetch-into.js';
import { imageNumber, TestStore } from './test-store.js';

/** Longer than what is read at a time, and not a multiple of anything. */
const content = randomBytes(5_000_001, seeded(31));
const description = { ...imageNumber(1, content.length), crc32: crc32(content) };

describe('an image of which everything was fetched', function () {
  this.timeout(20_000);
  let place: TestStore;
  let image: StoredImage;

  beforeEach(async () => {
    place = new TestStore();
    image = await (await place.open()).openImage(description);
    await fetchInto(image, join(place.folder, 'mount'), [{ offset: 0, bytes: content }]);
  });

  afterEach(async () => {
    await image.close();
    await place[Symbol.asyncDispose]();
  });

  const check = (signal = new AbortController().signal) => image.check(signal);

  async function isVerified(): Promise<boolean | undefined> {
    return (await (await place.open()).list())[0]?.verified;
  }

  it('is compared with the CRC-32 of its package once, and that is remembered', async () => {
    assert.equal(await isVerified(), false);
    assert.equal(await check(), 'intact');
    assert.equal(await isVerified(), true);
    // What was verified is not read again.
    writeSync(image.data, 'x', 1_000_000);
    assert.equal(await check(), 'intact');
    await image.forgetVerified();
    assert.equal(await isVerified(), false);
    assert.equal(await check(), 'wrong');
  });

  it('is wrong if a bit of it is, wherever that is', async () => {
    for (const at of [0, 1_048_576, content.length - 1]) {
      writeSync(image.data, content, 0, content.length, 0);
      writeSync(image.data, Buffer.of((content[at] ?? 0) ^ 1), 0, 1, at);
      assert.equal(await check(), 'wrong', String(at));
      assert.equal(await isVerified(), false);
    }
    writeSync(image.data, content, 0, content.length, 0);
    assert.equal(await check(), 'intact');
  });

  it('is to be verified again when its record is started anew', async () => {
    assert.equal(await check(), 'intact');
    await image.close();
    await writeFile(place.path(description, 'record'), 'noise');
    assert.equal(await isVerified(), false);
    image = await (await place.open()).openImage(description);
    await fetchInto(image, join(place.folder, 'mount'), [{ offset: 0, bytes: content }]);
    assert.equal(await isVerified(), false);
    assert.equal(await check(), 'intact');
    assert.equal(await isVerified(), true);
  });

  it('is checked without keeping anything else waiting, and only until that is enough', async () => {
    let longest = 0;
    let last = performance.now();
    const beat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    const abort = new AbortController();
    abort.abort(new Error('enough'));
    await assert.rejects(check(abort.signal), { message: 'enough' });
    assert.equal(await check(), 'intact');
    clearInterval(beat);
    assert.ok(longest < 250, `${longest} ms`);
  });

  it('is left to the process that checks it', async () => {
    const child = await place.start(`
      const { loadLocks } = await import(${JSON.stringify(new URL('../../../src/core/store/locks-addon.js', import.meta.url).href)});
      const { openSync } = await import('node:fs');
      loadLocks().lock(openSync(${JSON.stringify(place.path(description, 'used'))}, 'r+'), true);
      say('locked');
      setInterval(() => undefined, 1000);`);
    assert.equal(await check(), 'elsewhere');
    await place.kill(child);
    assert.equal(await check(), 'intact');
    assert.equal(await isVerified(), true);
  });
});
