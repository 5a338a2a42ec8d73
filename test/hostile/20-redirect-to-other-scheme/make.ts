import { faults, makeCertificates } from '../../support/fault-server/index.js';
import type { Make } from '../support/scene.js';
import { packageOf } from '../support/sound-package.js';

const make: Make = async (scene) => {
  await using certificates = await makeCertificates();
  await scene.trust(certificates.authorityPath);
  const plain = await scene.serve(packageOf(), (answer) => answer);
  return {
    file: await scene.serve(packageOf(), faults.redirect('file:///etc/passwd')),
    'file by 301': await scene.serve(packageOf(), faults.redirect('file:///etc/passwd', 301)),
    javascript: await scene.serve(packageOf(), faults.redirect('javascript:alert(1)')),
    data: await scene.serve(packageOf(), faults.redirect('data:application/zip,PK')),
    'its own scheme': await scene.serve(packageOf(), faults.redirect('vmnetx://host/token')),
    'a password': await scene.serve(
      packageOf(),
      faults.redirect('http://user:secret@127.0.0.1:1/a'),
    ),
    'http, from https': await scene.serve(
      packageOf(),
      faults.redirect(plain),
      {},
      certificates.good,
    ),
  };
};

export default make;
