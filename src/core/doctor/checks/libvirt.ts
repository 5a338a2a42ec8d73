import { LAUNCHER } from '../../confinement/index.js';
import { VmnetxError } from '../../errors/index.js';
import { LibvirtError, openConnection } from '../../libvirt/index.js';
import { withinProgram } from '../../places/index.js';
import { cleanText } from '../../text/index.js';
import { untilAborted } from '../../disposal/index.js';
import { bad, good, unknown, warning, type Check, type Finding } from '../check.js';
import { installAdvice, type Distribution } from '../distribution.js';

/** The oldest that machines are tried with. */
const OLDEST = 9;
const MAX_DETAIL_LENGTH = 200;
const MEANING = 'libvirt starts and watches the machines: without it, none runs.';

/** Whether the account's own libvirt answers, and knows how to run what it is to run. */
export const libvirt: Check = {
  id: 'libvirt',
  title: 'Virtualisation service (libvirt)',
  needed: true,
  examine: async ({ userId, distribution }, signal) => {
    // Root has no service of its own, but the computer's, which is not to be touched.
    if (userId === 0) return unknown('Each account has its own libvirt, but root.', MEANING);
    try {
      return await ask(signal);
    } catch (error) {
      signal.throwIfAborted();
      return fault(error, distribution);
    }
  },
};

async function ask(signal: AbortSignal): Promise<Finding> {
  const connection = await openConnection({ signal });
  try {
    const version = await untilAborted(connection.version(), signal);
    const emulator = withinProgram(LAUNCHER);
    await untilAborted(
      connection.domainCapabilities({ emulator, arch: 'x86_64', machine: 'pc', virtType: 'qemu' }),
      signal,
    );
    const found = `Version ${version} answers and can run QEMU.`;
    return Number(version.split('.')[0]) >= OLDEST
      ? good(found, 'It can start machines.')
      : warning(
          found,
          `Machines are tried with version ${OLDEST} and newer only.`,
          'Use a newer version of your distribution.',
        );
  } finally {
    await connection.close();
  }
}

function fault(error: unknown, distribution: Distribution): Finding {
  if (error instanceof LibvirtError) {
    return bad(
      `libvirt answers, but cannot run QEMU (${cleanText(error.message, MAX_DETAIL_LENGTH)}).`,
      MEANING,
      installAdvice(distribution, 'libvirt'),
    );
  }
  const detail = error instanceof VmnetxError ? error.detail : null;
  const words = detail === null ? '' : ` (${cleanText(detail, MAX_DETAIL_LENGTH)})`;
  return bad(`libvirt does not answer${words}.`, MEANING, installAdvice(distribution, 'libvirt'));
}
