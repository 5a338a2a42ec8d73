import { join } from 'node:path';
import { output } from '../../support/programs.js';
import type { Make } from '../support/scene.js';

const make: Make = async ({ folder }) => {
  const pipe = join(folder, 'pipe.nxpk');
  await output('mkfifo', pipe);
  return { 'a folder': folder, 'a pipe': pipe, 'a device': '/dev/zero' };
};

export default make;
