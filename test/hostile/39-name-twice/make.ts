import { storedZip } from '../../support/stored-zip.js';
import type { Make } from '../support/scene.js';
import { SOUND } from '../support/sound-package.js';

const make: Make = async (scene) => ({
  'the domain': await scene.write(
    'twice.nxpk',
    storedZip([
      { name: 'vmnetx-package.xml', data: SOUND.manifest },
      { name: 'domain.xml', data: SOUND.domain },
      { name: 'domain.xml', data: '<domain/>' },
      { name: 'disk.img', data: SOUND.disk },
    ]),
  ),
});

export default make;
