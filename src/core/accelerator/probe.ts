import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '../errors/index.js';
import { runtimeDirectory, withinProgram, type Environment } from '../places/index.js';

/**
 * What stands in the way of KVM: there is no device; this account may not open it; another program
 * holds the processor's virtualisation; guests hang in it; something else.
 */
export type KvmObstacle = 'missing' | 'forbidden' | 'busy' | 'slow' | 'failed';

/** Whether ordinary guests run under KVM here, and if not, why (one technical line). */
export type KvmProbe =
  | { readonly usable: true }
  | { readonly usable: false; readonly obstacle: KvmObstacle; readonly reason: string };

/** A processor needs some 10 ms for the probe guest, an emulator many seconds. */
const PROBE_MILLISECONDS = 2000;

const run = promisify(execFile);

/**
 * Runs the probe guest (`native/kvm-probe`), once for each boot: the verdict is kept in the runtime
 * directory under the boot's identity, as it can take two seconds to find out that KVM hangs.
 */
export async function probeKvm(environment: Environment, signal: AbortSignal): Promise<KvmProbe> {
  try {
    await access('/dev/kvm', constants.R_OK | constants.W_OK);
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const obstacle = missing ? 'missing' : 'forbidden';
    return { usable: false, obstacle, reason: messageOf(error) };
  }
  const runtime = runtimeDirectory(environment);
  if (runtime === null) return (await runProbe(signal)).verdict;
  const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  const record = join(runtime, `kvm-${bootId}.json`);
  const known = await readVerdict(record);
  if (known !== null) return known;
  const { verdict, sure } = await runProbe(signal);
  if (sure && process.getuid?.() !== 0) await remember(runtime, record, verdict);
  return verdict;
}

/** Without a record the probe just runs again; the user's folder is not made by root. */
async function remember(runtime: string, record: string, verdict: KvmProbe): Promise<void> {
  try {
    await mkdir(runtime, { recursive: true, mode: 0o700 });
    await writeFile(record, JSON.stringify(verdict), { mode: 0o600 });
  } catch {
    // A folder that cannot be written to is told of when a machine needs it.
  }
}

/** A verdict, and whether it holds until the next boot: what failed at once may do better later. */
interface Trial {
  readonly verdict: KvmProbe;
  readonly sure: boolean;
}

async function runProbe(signal: AbortSignal): Promise<Trial> {
  try {
    await run(withinProgram('native/kvm-probe/build/Release/kvm-probe'), {
      timeout: PROBE_MILLISECONDS,
      killSignal: 'SIGKILL',
      signal,
    });
    return { verdict: { usable: true }, sure: true };
  } catch (error) {
    signal.throwIfAborted();
    const hung = error instanceof Error && 'killed' in error && error.killed === true;
    const hang = `a guest did not run a few instructions within ${PROBE_MILLISECONDS} ms`;
    const reason = hung ? hang : messageOf(error);
    // EBUSY: the one thing that another program is the cause of.
    const obstacle = hung ? 'slow' : reason.includes('busy') ? 'busy' : 'failed';
    return { verdict: { usable: false, obstacle, reason }, sure: hung };
  }
}

/** Only hangs are remembered. A verdict that cannot be read is none: the probe runs again. */
async function readVerdict(path: string): Promise<KvmProbe | null> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof value !== 'object' || value === null || !('usable' in value)) return null;
    if (value.usable === true) return { usable: true };
    return 'reason' in value && typeof value.reason === 'string'
      ? { usable: false, obstacle: 'slow', reason: value.reason }
      : null;
  } catch {
    return null;
  }
}
