import { createHash } from 'node:crypto';
import { buildGuest } from '../../../scripts/guest.js';
import { until } from '../../support/wait.js';
import type { GuestConsole } from './guest-console.js';
import { SAVE_FORMATS, type MemoryFormat } from './saved-memory.js';
import { suspendMachine, type SuspendedMachine } from './suspended-machine.js';

/** The demo guest, saved while it counts and has a file of 100 MiB in its memory. */
export interface SuspendedGuest extends SuspendedMachine {
  /** The last number that the guest has counted to. */
  readonly count: number;
  /** What {@link SUM_MEMORY} prints in the guest. */
  readonly sum: string;
}

/** Sums up the file that the guest has in its memory. */
export const SUM_MEMORY = 'md5sum </tmp/memory';

const MEMORY_MIB = 256;
const PAGES = 25_600;
const PAGE_BYTES = 4096;
/** Those of Park and Miller, with which awk's numbers are exact. */
const [MULTIPLIER, MODULUS] = [16_807, 2_147_483_647];

/** What was used to start the guest must not take time each time that its memory is compressed. */
const CLEAR_FREE_MEMORY =
  'mount -t tmpfs -o size=100% none /tmp; dd if=/dev/zero of=/tmp/zeros bs=1M 2>/dev/null ' +
  `count=$(awk '/^MemFree/ { print int($2 / 1024) - 16 }' /proc/meminfo); rm /tmp/zeros`;
/** No two pages are the same; blanks follow, so that it compresses quickly. */
const FILL_MEMORY =
  `awk 'BEGIN { x = 1; for (p = 0; p < ${PAGES}; p++) { ` +
  `x = x * ${MULTIPLIER} % ${MODULUS}; print sprintf("%-${PAGE_BYTES - 1}s", x) } }' >/tmp/memory`;

const BOOT_MILLISECONDS = 120_000;
const COMMAND_MILLISECONDS = 60_000;
/** As many must have been seen when the guest is saved. */
const COUNTS = 3;

/**
 * Boots the demo guest, fills its memory, has it count, and has libvirt save it.
 *
 * @param folder for the files; the caller removes it
 */
export async function suspendGuest(
  folder: string,
  formats: readonly MemoryFormat[] = [...SAVE_FORMATS, 'zstd'],
): Promise<SuspendedGuest> {
  const guest = await buildGuest('demo', { dataMebibytes: 8 });
  const sum = `${expectedSum()}  -`;
  const use = async (shell: GuestConsole): Promise<void> => {
    await shell.see(/GUEST-READY/, BOOT_MILLISECONDS);
    await shell.run(CLEAR_FREE_MEMORY, COMMAND_MILLISECONDS);
    await shell.run(FILL_MEMORY, COMMAND_MILLISECONDS);
    await shell.run('sync; killall -USR2 test-card');
    await until('the guest counts', () => shell.counts().length >= COUNTS);
  };
  const { shell, ...machine } = await suspendMachine({
    guest,
    folder,
    memoryMib: MEMORY_MIB,
    formats,
    use,
  });
  return { ...machine, sum, count: shell.counts().at(-1) ?? 0 };
}

function expectedSum(): string {
  const hash = createHash('md5');
  let number = 1;
  for (let page = 0; page < PAGES; page++) {
    number = (number * MULTIPLIER) % MODULUS;
    hash.update(`${String(number).padEnd(PAGE_BYTES - 1)}\n`);
  }
  return hash.digest('hex');
}
