import { Archive } from '../../core/package/archive.js';
import type { Make } from '../support/scene.js';
import { packageOf } from '../support/sound-package.js';

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
  '65,535 bytes': `${'\u001b'.repeat(65_534)}x`,
};

const make: Make = async (scene) => {
  const locations: Record<string, string> = {};
  for (const [title, name] of Object.entries(NAMES)) {
    const placeholder = 'x'.repeat(name.length);
    const archive = new Archive(packageOf({}, { name: placeholder, data: 'evil' }));
    archive.rename(placeholder, name);
    locations[title] = await scene.write(`${title}.nxpk`, archive.bytes);
  }
  return locations;
};

export default make;
