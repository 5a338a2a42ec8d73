import type { Make } from '../support/scene.js';
import { storedZip } from '../../support/stored-zip.js';

const make: Make = async (scene) => ({
  'another name': await scene.write(
    'other.nxpk',
    storedZip([{ name: 'VMNETX-PACKAGE.XML', data: '<image/>' }]),
  ),
  'in a folder': await scene.write(
    'folder.nxpk',
    storedZip([{ name: 'a/vmnetx-package.xml', data: '<image/>' }]),
  ),
});

export default make;
