import { storedZip } from '../../support/stored-zip.js';
import type { Make } from '../support/scene.js';
import { SOUND } from '../support/sound-package.js';

const make: Make = async (scene) => {
  const manifest = String(SOUND.manifest).replace(
    '</image>',
    '<memory path="memory.img"/></image>',
  );
  const pack = (name: string, memory: Buffer): Promise<string> =>
    scene.write(
      `${name}.nxpk`,
      storedZip([
        { name: 'vmnetx-package.xml', data: manifest },
        { name: 'domain.xml', data: SOUND.domain },
        { name: 'disk.img', data: SOUND.disk },
        { name: 'memory.img', data: memory },
      ]),
    );
  const header = Buffer.alloc(96);
  header.write('LibvirtQemudSave');
  header.writeUInt32LE(2, 16);
  header.writeUInt32LE(0xffff_ffff, 20);
  return {
    noise: await pack('noise', Buffer.alloc(1000, 'noise')),
    'a description of 4 GB': await pack('header', header),
    nothing: await pack('nothing', Buffer.alloc(0)),
  };
};

export default make;
