import { faults } from '../../support/fault-server/index.js';
import type { Make } from '../support/scene.js';
import { packageOf } from '../support/sound-package.js';

const make: Make = async (scene) => ({
  markup: await scene.serve(packageOf(), faults.unauthorized('Basic realm="<b>Your bank</b>"')),
  'bidirectional controls': await scene.serve(
    packageOf(),
    faults.unauthorized(`Basic realm=${faults.quoted('\u202egnp')}`),
  ),
  'line breaks': await scene.serve(
    packageOf(),
    faults.unauthorized(`Basic realm=${faults.quoted('Machines\u0085vmnetx: All is\u2028well.')}`),
  ),
  'ten kilobytes of nonce': await scene.serve(
    packageOf(),
    faults.unauthorized(`Digest realm="a", nonce="${'n'.repeat(10_000)}"`),
  ),
  'a scheme nobody knows': await scene.serve(packageOf(), faults.unauthorized('Negotiate')),
});

export default make;
