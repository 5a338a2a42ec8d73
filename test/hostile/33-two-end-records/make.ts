import { storedZip } from '../../support/stored-zip.js';
import type { Make } from '../support/scene.js';
import { packageOf } from '../support/sound-package.js';

const make: Make = async (scene) => {
  const whole = packageOf();
  const evil = storedZip([{ name: 'vmnetx-package.xml', data: '<image/>' }]);
  whole.writeUInt16LE(evil.length, whole.length - 2);
  return { 'in the comment': await scene.write('two.nxpk', Buffer.concat([whole, evil])) };
};

export default make;
