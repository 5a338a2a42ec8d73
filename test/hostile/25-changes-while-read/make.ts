import { faults } from '../../support/fault-server/index.js';
import type { Make } from '../support/scene.js';
import { packageOf } from '../support/sound-package.js';

/** Not read by one request. */
const LARGE = packageOf({ disk: Buffer.alloc(2 ** 20) });

const make: Make = async (scene) => ({
  'another entity tag': await scene.serve(LARGE, faults.etag('"two"'), { after: 1 }),
  'a weak entity tag': await scene.serve(LARGE, faults.etag('W/"one"'), { after: 1 }),
  'no validators': await scene.serve(LARGE, faults.noValidators, { after: 1 }),
  'another size': await scene.serve(LARGE, faults.otherTotal(5_000_000), { after: 1 }),
});

export default make;
