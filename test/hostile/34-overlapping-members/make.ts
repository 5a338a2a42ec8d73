import { Archive } from '../../core/package/archive.js';
import type { Make } from '../support/scene.js';
import { packageOf } from '../support/sound-package.js';

const make: Make = async (scene) => {
  const spoil = (name: string, change: (archive: Archive) => void): Promise<string> => {
    const archive = new Archive(packageOf());
    change(archive);
    return scene.write(`${name}.nxpk`, archive.bytes);
  };
  return {
    'the disk is its neighbour': await spoil('same', (archive) => {
      const { central } = archive.member('disk.img');
      archive.bytes.writeUInt32LE(archive.member('domain.xml').local, central + 42);
    }),
    'the disk reaches into the directory': await spoil('directory', (archive) => {
      archive.setSizes('disk.img', 64 * 1024 + 40);
    }),
    'the domain reaches into the disk': await spoil('next', (archive) => {
      archive.setSizes('domain.xml', 1000);
    }),
    'the directory begins in the disk': await spoil('early', (archive) => {
      archive.bytes.writeUInt32LE(archive.directoryOffset - 100, archive.endOffset + 16);
    }),
  };
};

export default make;
