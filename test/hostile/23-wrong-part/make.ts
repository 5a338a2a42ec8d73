import { faults } from '../../support/fault-server/index.js';
import type { Make } from '../support/scene.js';
import { packageOf } from '../support/sound-package.js';

const make: Make = async (scene) => ({
  'another part': await scene.serve(packageOf(), faults.otherPart(1)),
  'no Content-Range': await scene.serve(packageOf(), faults.contentRange(null)),
  'no range at all': await scene.serve(packageOf(), faults.contentRange('bytes */*')),
  'in other units': await scene.serve(packageOf(), faults.contentRange('lines 0-1/2')),
  backwards: await scene.serve(packageOf(), faults.contentRange('bytes 5-1/100')),
  'beyond all numbers': await scene.serve(
    packageOf(),
    faults.contentRange('bytes 0-99999999999999999999/99999999999999999999'),
  ),
  'several parts': await scene.serve(packageOf(), faults.multipart),
  compressed: await scene.serve(packageOf(), faults.gzip),
  'no HTTP': await scene.serve(packageOf(), faults.garbage),
});

export default make;
