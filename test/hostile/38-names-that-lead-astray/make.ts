import { Archive } from '../../core/package/archive.js';
import type { Make } from '../support/scene.js';
import { SOUND } from '../support/sound-package.js';
import { storedZip } from '../../support/stored-zip.js';

const SOUND_MEMBERS = [
  { name: 'vmnetx-package.xml', data: SOUND.manifest },
  { name: 'domain.xml', data: SOUND.domain },
  { name: 'disk.img', data: SOUND.disk },
];

const make: Make = async (scene) => {
  const NAMES: Readonly<Record<string, string | Buffer>> = {
    'up a folder': '../../evil',
    absolute: '/etc/evil0',
    'a drive': 'C:evil.exe',
    'a backslash': '..\\..\\evil',
    NUL: 'evil.xm\0x.',
    'a control': 'evil\u001b[2Jx',
    'invalid UTF-8': Buffer.from([0xff, 0xfe, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41]),
    'an empty part': 'a//evil.ex',
    'a dot': './evil.xml',
  };
  const locations: Record<string, string> = {};
  for (const [title, name] of Object.entries(NAMES)) {
    const archive = new Archive(
      storedZip([...SOUND_MEMBERS, { name: 'x'.repeat(name.length), data: 'evil' }]),
    );
    archive.rename('x'.repeat(name.length), name);
    locations[title] = await scene.write(`${title}.nxpk`, archive.bytes);
  }
  return locations;
};

export default make;
