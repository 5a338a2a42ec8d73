import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buildGuest } from '../../scripts/guest.js';
import { packSuspended } from '../../test/e2e/support/suspended-package.js';
import { suspendMachine } from '../../test/e2e/support/suspended-machine.js';
import { until } from '../../test/support/wait.js';
import type { ResumePlan } from './plan.js';

/** A machine that was saved by libvirt while its guest counted, compressed as packages are: by xz. */
export interface BenchGuest {
  /** The folder that a server offers. */
  readonly served: string;
  /** Names in it. */
  readonly package: string;
  readonly memory: string;
  readonly memoryBytes: number;
  /** Its disk, as it was then. */
  readonly disk: string;
  /** The number that it had counted to. */
  readonly count: number;
}

const MEMORY_MIB = 384;
const BOOT_MILLISECONDS = 120_000;
const FILL_MILLISECONDS = 120_000;
const NAME = 'suspended';

/** @param folder the caller removes it */
export async function makeGuest(folder: string, plan: ResumePlan): Promise<BenchGuest> {
  const served = join(folder, 'served');
  await mkdir(served);
  const megabytes = plan.content.incompressibleMebibytes;
  let count = 0;
  const { domain, disk, memory } = await suspendMachine({
    guest: await buildGuest('demo', { dataMebibytes: 8 }),
    folder: served,
    memoryMib: MEMORY_MIB,
    formats: ['xz'],
    use: async (shell) => {
      await shell.see(/GUEST-READY/, BOOT_MILLISECONDS);
      await shell.run(
        `dd if=/dev/urandom of=/memory bs=1M count=${megabytes} 2>/dev/null`,
        FILL_MILLISECONDS,
      );
      await shell.run('sync; killall -USR2 test-card');
      await until('the guest counts', () => (count = shell.counts().at(-1) ?? 0) > 3);
    },
  });
  const path = memory.get('xz') ?? '';
  await packSuspended(served, { name: NAME, domain, disk, memory: path });
  const { size: memoryBytes } = await stat(path);
  return { served, package: `${NAME}.nxpk`, memory: 'memory.xz', memoryBytes, disk, count };
}
