import { faults } from '../../support/fault-server/index.js';
import { serveDeep } from '../support/deep-package.js';
import type { Make } from '../support/scene.js';

const make: Make = async (scene) => ({
  'with 200': await serveDeep(scene, faults.wholeFile),
});

export default make;
