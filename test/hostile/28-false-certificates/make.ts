import { faults, makeCertificates } from '../../support/fault-server/index.js';
import type { Make } from '../support/scene.js';
import { packageOf } from '../support/sound-package.js';

const make: Make = async (scene) => {
  await using certificates = await makeCertificates();
  const { expired, wrongHost, selfSigned } = certificates;
  const serve = (certificate: typeof expired): Promise<string> =>
    scene.serve(packageOf(), faults.noValidators, {}, certificate);
  return {
    expired: await serve(expired),
    'of another host': await serve(wrongHost),
    'by nobody': await serve(selfSigned),
  };
};

export default make;
