import type { Make } from '../support/scene.js';
import { packageOf } from '../support/sound-package.js';

const make: Make = async (scene) => {
  const twice = { name: 'n'.repeat(65_535), data: 'evil' };
  return {
    'the domain': await scene.write(
      'twice.nxpk',
      packageOf({}, { name: 'domain.xml', data: '<domain/>' }),
    ),
    'a name of 65,535 bytes': await scene.write('long.nxpk', packageOf({}, twice, twice)),
  };
};

export default make;
