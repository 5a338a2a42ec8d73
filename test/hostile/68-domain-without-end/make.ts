import type { Make } from '../support/scene.js';
import { packageOf, SOUND } from '../support/sound-package.js';

const make: Make = async (scene) => {
  const grow = (name: string, added: string): Promise<string> => {
    const domain = String(SOUND.domain).replace('<devices>', `${added}<devices>`);
    return scene.write(`${name}.nxpk`, packageOf({ domain }));
  };
  return {
    'nested 100,000 deep': await grow('deep', '<x>'.repeat(100_000)),
    'nested within the limit of bytes': await grow('short', '<x>'.repeat(80_000)),
    'a hundred thousand elements': await grow('wide', '<x/>'.repeat(100_000)),
    'elements within the limit of bytes': await grow('narrow', '<x/>'.repeat(50_000)),
    'a megabyte of comment': await grow('comment', `<!--${' '.repeat(1_000_000)}-->`),
    'a name of 100,000 characters': await grow('name', `<${'x'.repeat(100_000)}/>`),
  };
};

export default make;
