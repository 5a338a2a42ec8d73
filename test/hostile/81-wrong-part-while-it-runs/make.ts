import { faults } from '../../support/fault-server/index.js';
import { serveDeep } from '../support/deep-package.js';
import type { Make } from '../support/scene.js';

const make: Make = async (scene) => ({
  'another part': await serveDeep(scene, faults.otherPart(-131_072)),
  'no Content-Range': await serveDeep(scene, faults.contentRange(null)),
  'in other units': await serveDeep(scene, faults.contentRange('lines 0-1/2')),
  'several parts': await serveDeep(scene, faults.multipart),
  compressed: await serveDeep(scene, faults.gzip),
  'headers without end': await serveDeep(scene, faults.endlessHeaders),
});

export default make;
