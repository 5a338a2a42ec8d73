import { faults } from '../../support/fault-server/index.js';
import type { Make } from '../support/scene.js';
import { packageOf } from '../support/sound-package.js';

const make: Make = async (scene) => ({
  'a body that ends early': await scene.serve(packageOf(), faults.shortBody(10)),
  'nothing at all': await scene.serve(packageOf(), faults.closeBeforeHeaders),
  'a reset': await scene.serve(packageOf(), faults.resetAt(10)),
});

export default make;
