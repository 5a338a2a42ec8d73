import assert from 'node:assert/strict';
import { availableParallelism, totalmem } from 'node:os';
import { hostCapacity, shortageOf } from '../../../src/core/session/index.js';

const GIB = 2 ** 30;

describe('hostCapacity', () => {
  it('is every processor of this computer, and memory that leaves something for the rest', () => {
    const { memoryBytes, processors } = hostCapacity();
    assert.equal(processors, availableParallelism());
    assert.ok(memoryBytes > totalmem() / 2 && memoryBytes < totalmem() * 0.8);
    assert.equal(memoryBytes % 1024, 0);
  });
});

describe('shortageOf', () => {
  const capacity = { memoryBytes: 12 * GIB, processors: 2 };
  const said = (gibibytes: number, vcpus: number, processors = 2): string | undefined =>
    shortageOf({ memoryBytes: gibibytes * GIB, vcpus }, { ...capacity, processors })?.message;

  it('is nothing for a machine that wants no more than there is', () => {
    assert.equal(said(12, 2), undefined);
  });

  it('says what is wanted and what there is, of that alone which is short', () => {
    assert.equal(
      said(16, 2),
      'The machine wants 16 GiB RAM, but this computer can give it only 12 GiB RAM.',
    );
    assert.equal(
      said(1, 2, 1),
      'The machine wants 2 CPUs, but this computer can give it only 1 CPU.',
    );
    assert.equal(
      said(1024, 64),
      'The machine wants 1 TiB RAM + 64 CPUs, but this computer can give it only 12 GiB RAM + 2 CPUs.',
    );
  });

  it('is no fault of the package, and no reason to try again', () => {
    const error = shortageOf({ memoryBytes: 16 * GIB, vcpus: 1 }, capacity);
    assert.deepEqual([error?.code, error?.status, error?.retryable], ['host-too-small', 69, false]);
  });
});
