import { faults } from '../../support/fault-server/index.js';
import type { Make } from '../support/scene.js';
import { packageOf } from '../support/sound-package.js';

const LONG = 'x'.repeat(100_000);

const make: Make = async (scene) => ({
  'as long as they are taken': await scene.serve(packageOf(), faults.endlessHeaders),
  'ten thousand cookies': await scene.serve(
    packageOf(),
    faults.cookies(...Array<string>(10_000).fill('a=b; Path=/')),
  ),
  'a cookie of 100 KB': await scene.serve(packageOf(), faults.cookies(`a=${LONG}; Path=/`)),
  'a realm of 100 KB': await scene.serve(packageOf(), faults.unauthorized(`Basic realm="${LONG}"`)),
  'an address of 100 KB': await scene.serve(packageOf(), faults.redirect(`/${LONG}`)),
});

export default make;
