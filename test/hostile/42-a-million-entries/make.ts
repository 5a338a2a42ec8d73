import { endRecords, directoryEntry } from '../../../src/core/publish/zip-format.js';
import type { Make } from '../support/scene.js';

const make: Make = async (scene) => {
  const entry = directoryEntry({
    name: 'x',
    sizeBytes: 0,
    crc32: 0,
    headerOffset: 0,
    alignment: 1,
  });
  const many = async (count: number): Promise<string> => {
    const directory = Buffer.concat(Array<Buffer>(count).fill(entry));
    const end = endRecords({ offset: 0, length: directory.length, entries: count }, '');
    return scene.write(
      `${count}.nxpk`,
      Buffer.concat([Buffer.from('PK\u0003\u0004'), directory, end]),
    );
  };
  return { 'a million': await many(1_000_000), '10,001': await many(10_001) };
};

export default make;
