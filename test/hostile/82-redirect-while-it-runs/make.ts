import { faults } from '../../support/fault-server/index.js';
import { serveDeep } from '../support/deep-package.js';
import type { Make } from '../support/scene.js';

const make: Make = async (scene) => ({
  'a file': await serveDeep(scene, faults.redirect('file:///etc/passwd')),
  javascript: await serveDeep(scene, faults.redirect('javascript:alert(1)')),
  'a password': await serveDeep(scene, faults.redirect('http://user:secret@127.0.0.1:1/a')),
  'in a circle': await serveDeep(scene, faults.redirectLoop),
});

export default make;
