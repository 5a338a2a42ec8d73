import { faults } from '../../support/fault-server/index.js';
import { serveDeep } from '../support/deep-package.js';
import type { Make, Scene } from '../support/scene.js';
import { packageOf } from '../support/sound-package.js';

const make: Make = async (scene) => ({
  'of another version': await lead(scene, await serveDeep(scene, faults.etag('"two"'), {})),
  'of another size': await lead(scene, await scene.serve(packageOf(), (answer) => answer)),
});

/** Leads to a package until the middle of its disk is asked for, and from then on to another one. */
async function lead(scene: Scene, other: string): Promise<string> {
  const state = { expired: false };
  const first = await serveDeep(scene, (answer, exchange) => {
    state.expired = true;
    return faults.status(403)(answer, exchange);
  });
  return scene.serve(packageOf(), (answer, exchange) =>
    faults.redirect(state.expired ? other : first)(answer, exchange),
  );
}

export default make;
