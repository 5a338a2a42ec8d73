import { faults } from '../../support/fault-server/index.js';
import type { Make } from '../support/scene.js';
import { packageOf } from '../support/sound-package.js';

const LARGE = packageOf({ disk: Buffer.alloc(2 ** 20) });

const make: Make = async (scene) => ({
  'at once': await scene.serve(packageOf(), faults.wholeFile),
  'from the second time on': await scene.serve(LARGE, faults.wholeFile, { after: 1 }),
});

export default make;
