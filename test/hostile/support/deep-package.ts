import { randomBytes, seeded } from '../../support/random.js';
import type { Condition, Fault } from '../../support/fault-server/index.js';
import type { Scene } from './scene.js';
import { packageOf } from './sound-package.js';

const DISK_BYTES = 4 * 2 ** 20;
/** Far from all that is read to open a package. */
const DEEP = 2 * 2 ** 20;

/**
 * Serves a package that can be opened and mounted, with a fault in the middle of its disk.
 *
 * @param when what the fault befalls instead
 */
export function serveDeep(
  scene: Scene,
  fault: Fault,
  when: Condition = { contains: DEEP },
): Promise<string> {
  const disk = randomBytes(DISK_BYTES, seeded(1));
  return scene.serve(packageOf({ disk }), fault, when);
}
