import { faults } from '../../support/fault-server/index.js';
import { serveDeep } from '../support/deep-package.js';
import type { Make } from '../support/scene.js';

const make: Make = async (scene) => ({
  'another entity tag': await serveDeep(scene, faults.etag('"two"')),
  'a weak entity tag': await serveDeep(scene, faults.etag('W/"one"')),
  'no validators': await serveDeep(scene, faults.noValidators),
  'another size': await serveDeep(scene, faults.otherTotal(5_000_000)),
  '412': await serveDeep(scene, faults.status(412)),
});

export default make;
