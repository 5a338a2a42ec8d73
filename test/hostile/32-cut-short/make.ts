import { Archive } from '../../core/package/archive.js';
import type { Make } from '../support/scene.js';
import { packageOf } from '../support/sound-package.js';

const make: Make = async (scene) => {
  const whole = packageOf();
  const { endOffset, directoryOffset } = new Archive(whole);
  const cut = (length: number): Promise<string> =>
    scene.write(`${length}.nxpk`, whole.subarray(0, length));
  return {
    'before its end record': await cut(endOffset),
    'in its end record': await cut(whole.length - 1),
    'in its directory': await cut(directoryOffset + 20),
    'after four bytes': await cut(4),
    'something behind it': await scene.write('more.nxpk', Buffer.concat([whole, Buffer.from('x')])),
  };
};

export default make;
