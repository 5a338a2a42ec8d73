import assert from 'node:assert/strict';
import { RecordedImage } from './recorded-image.js';

describe('the record of an image', () => {
  let image: RecordedImage;
  beforeEach(async () => {
    image = await RecordedImage.create();
  });
  afterEach(() => image.close());

  const others = (stored: readonly number[]): readonly number[] =>
    Array.from({ length: image.chunks }, (_, chunk) => chunk).filter(
      (chunk) => !stored.includes(chunk),
    );

  it('has at the next mount what was stored in this one', async () => {
    const stored = [0, 7, image.chunks - 1];
    const first = await image.mount();
    await first.deliverEach(stored);
    await first.close();
    const second = await image.mount();
    for (const chunk of stored) assert(second.isPresent(chunk));
    assert.equal(second.statistics.chunksPresent, stored.length);
    assert((await second.readAll()).equals(image.origin));
    assert.deepEqual(
      second.misses.toSorted((a, b) => a - b),
      others(stored),
    );
    assert.equal(second.statistics.damaged, 0);
    assert.equal(second.statistics.chunksPresent, image.chunks);
  });

  it('has it also after the computer was started anew', async () => {
    const first = await image.mount();
    await first.deliverEach([1, 2, 3]);
    await first.close();
    await image.forgetBoot();
    const second = await image.mount();
    assert((await second.readAll()).equals(image.origin));
    assert.deepEqual(
      second.misses.toSorted((a, b) => a - b),
      others([1, 2, 3]),
    );
  });
});
