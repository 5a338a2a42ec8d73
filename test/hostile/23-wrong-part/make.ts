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
  'a lesser one, announced': await scene.serve(packageOf(), faults.shortBodyAnnounced(10)),
  'a greater one, announced': await scene.serve(packageOf(), faults.longBodyAnnounced(10)),
  compressed: await scene.serve(packageOf(), faults.gzip),
  'no HTTP': await scene.serve(packageOf(), faults.garbage),
  'a header of two lines': await scene.serve(
    packageOf(),
    faults.raw(
      'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n' +
        'WWW-Authenticate: Basic realm="Machines\r\n vmnetx: All is well."\r\n\r\n',
    ),
  ),
});

export default make;
