import { Archive, LOCAL } from '../../core/package/archive.js';
import type { Make } from '../support/scene.js';
import { packageOf } from '../support/sound-package.js';

const make: Make = async (scene) => {
  const spoil = (name: string, change: (archive: Archive) => void): Promise<string> => {
    const archive = new Archive(packageOf());
    change(archive);
    return scene.write(`${name}.nxpk`, archive.bytes);
  };
  const local = (field: keyof typeof LOCAL, value: number): Promise<string> =>
    spoil(field, (archive) => {
      archive.bytes.writeUInt16LE(value, archive.member('domain.xml').local + LOCAL[field]);
    });
  return {
    'of the name': await spoil('name', (archive) => {
      archive.bytes.write('d', archive.member('domain.xml').local + 30 + 3);
    }),
    'of the method': await local('method', 8),
    'of the size': await local('plainBytes', 17),
    'of the stored size': await local('storedBytes', 17),
    'of the checksum': await local('crc32', 17),
    'of the flags': await local('flags', 0x0800),
  };
};

export default make;
