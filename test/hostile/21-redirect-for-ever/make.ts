import { faults } from '../../support/fault-server/index.js';
import type { Make } from '../support/scene.js';
import { packageOf } from '../support/sound-package.js';

const make: Make = async (scene) => ({
  'in a circle': await scene.serve(packageOf(), faults.redirectLoop),
  'a thousand times': await scene.serve(packageOf(), faults.redirectHops(1000)),
});

export default make;
