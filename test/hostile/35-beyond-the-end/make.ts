import { Archive } from '../../core/package/archive.js';
import type { Make } from '../support/scene.js';
import { packageOf } from '../support/sound-package.js';

const make: Make = async (scene) => {
  const spoil = (name: string, change: (archive: Archive) => void): Promise<string> => {
    const archive = new Archive(packageOf());
    change(archive);
    return scene.write(`${name}.nxpk`, archive.bytes);
  };
  const zip64 = (name: string, size: bigint): Promise<string> =>
    spoil(name, (archive) => {
      archive.bytes.writeUInt32LE(0xffff_ffff, archive.member('disk.img').central + 24);
      archive.bytes.writeBigUInt64LE(BigInt.asUintN(64, size), archive.member('disk.img').data);
    });
  return {
    'a size beyond the end': await spoil('size', (archive) => {
      archive.setSizes('disk.img', 0x7fff_ffff);
    }),
    'an offset beyond the end': await spoil('offset', (archive) => {
      archive.bytes.writeUInt32LE(0xffff_fff0, archive.member('disk.img').central + 42);
    }),
    'a directory beyond the end': await spoil('directory', (archive) => {
      archive.bytes.writeUInt32LE(0xffff_fff0, archive.endOffset + 16);
    }),
    'a directory of 4 GB': await spoil('length', (archive) => {
      archive.bytes.writeUInt32LE(0xffff_fff0, archive.endOffset + 12);
    }),
    'a full size without its ZIP64 field': await zip64('missing', -1n),
    'an extra field beyond the directory': await spoil('extra', (archive) => {
      archive.bytes.writeUInt16LE(0xffff, archive.member('disk.img').central + 30);
    }),
    'a name beyond the directory': await spoil('name', (archive) => {
      archive.bytes.writeUInt16LE(0xffff, archive.member('disk.img').central + 28);
    }),
  };
};

export default make;
