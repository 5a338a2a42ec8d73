import { faults } from '../../support/fault-server/index.js';
import type { Make } from '../support/scene.js';
import { packageOf } from '../support/sound-package.js';

const MINUTE = 60_000;

const make: Make = async (scene) => ({
  silence: await scene.serve(packageOf(), faults.silence),
  'silence after the headers': await scene.serve(packageOf(), faults.stallAfterHeaders),
  'silence in the middle': await scene.serve(packageOf(), faults.stallAt(1000)),
  'a byte a minute': await scene.serve(packageOf(), faults.trickle(1, MINUTE)),
  'a byte now and then': await scene.serve(packageOf(), faults.trickle(1, 100)),
});

export default make;
