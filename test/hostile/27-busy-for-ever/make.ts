import { faults } from '../../support/fault-server/index.js';
import type { Make } from '../support/scene.js';
import { packageOf } from '../support/sound-package.js';

const make: Make = async (scene) => ({
  'a billion seconds': await scene.serve(packageOf(), faults.busy(503, '1000000000')),
  negative: await scene.serve(packageOf(), faults.busy(429, '-1')),
  'a day in 1970': await scene.serve(
    packageOf(),
    faults.busy(429, 'Thu, 01 Jan 1970 00:00:00 GMT'),
  ),
  text: await scene.serve(packageOf(), faults.busy(503, 'soon')),
});

export default make;
