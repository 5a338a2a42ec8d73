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
    deflated: await spoil('deflated', (archive) => {
      archive.setMethod('disk.img', 8);
    }),
    'of another method': await spoil('method', (archive) => {
      archive.setMethod('disk.img', 93);
    }),
    encrypted: await spoil('encrypted', (archive) => {
      archive.setFlags('disk.img', 1);
    }),
    'strongly encrypted': await spoil('strongly', (archive) => {
      archive.setFlags('disk.img', 0x41);
    }),
    'sized behind its data': await spoil('descriptor', (archive) => {
      archive.setFlags('disk.img', 8);
    }),
    'on another volume': await spoil('volume', (archive) => {
      archive.bytes.writeUInt16LE(1, archive.member('disk.img').central + 34);
    }),
    'one of several volumes': await spoil('volumes', (archive) => {
      archive.bytes.writeUInt16LE(1, archive.endOffset + 4);
    }),
  };
};

export default make;
