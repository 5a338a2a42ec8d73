import { faults } from '../../support/fault-server/index.js';
import type { Make } from '../support/scene.js';
import { packageOf } from '../support/sound-package.js';

const make: Make = async (scene) => {
  await scene.allowLinksTo('127.0.0.1');
  const hidden = await scene.serve(packageOf(), (answer) => answer);
  const elsewhere = (host: string): Promise<string> =>
    scene.serve(packageOf(), faults.redirect(hidden.replace('127.0.0.1', host)));
  return {
    'another address of this computer': await elsewhere('127.0.0.2'),
    'a name of this computer': await elsewhere('localhost'),
    'the next protocol': await elsewhere('[::1]'),
    'the next protocol around the old one': await elsewhere('[::ffff:7f00:2]'),
    'a number': await elsewhere('2130706434'),
    'a private network': await elsewhere('10.0.0.1'),
    'the secrets of a cloud': await elsewhere('169.254.169.254'),
  };
};

export default make;
