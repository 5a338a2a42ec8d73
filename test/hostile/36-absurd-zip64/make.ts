import { endRecords } from '../../../src/core/publish/zip-format.js';
import { Archive } from '../../core/package/archive.js';
import type { Make } from '../support/scene.js';
import { packageOf } from '../support/sound-package.js';

const RECORD = { entries: 32, length: 40, offset: 48 } as const;

const make: Make = async (scene) => {
  const sound = packageOf();
  const { directoryOffset, endOffset } = new Archive(sound);
  const before = sound.subarray(0, endOffset);
  /** The package with the records of ZIP64, one number in them changed. */
  const spoil = (name: string, at: number, value: bigint): Promise<string> => {
    // A directory behind 4 GiB makes the writer write them; then it is put where it is.
    const place = { offset: 2 ** 33, length: endOffset - directoryOffset, entries: 3 };
    const end = endRecords(place, '');
    end.writeBigUInt64LE(BigInt(directoryOffset), RECORD.offset);
    end.writeBigUInt64LE(BigInt(endOffset), 56 + 8);
    end.writeBigUInt64LE(BigInt.asUintN(64, value), at);
    return scene.write(`${name}.nxpk`, Buffer.concat([before, end]));
  };
  return {
    'a negative offset': await spoil('negative', RECORD.offset, -1n),
    'an offset that wraps': await spoil('wraps', RECORD.offset, 2n ** 64n - 100n),
    'a length beyond the end': await spoil('length', RECORD.length, 2n ** 40n),
    'another length than the short one': await spoil('disagree', RECORD.length, 10n),
    'entries without end': await spoil('entries', RECORD.entries, 2n ** 63n),
    'a locator that leads elsewhere': await spoil('locator', 56 + 8, 0n),
    'a record that is longer than it is': await spoil('record', 4, 2n ** 62n),
  };
};

export default make;
