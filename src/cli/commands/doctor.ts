import { fileURLToPath } from 'node:url';
import { CHECKS, examine, readDistribution } from '../../core/doctor/index.js';
import { hostCapacity } from '../../core/session/index.js';
import { findingsTable } from '../findings-table.js';
import type { Plan } from '../plan.js';
import { untilInterrupted } from '../signals.js';

const ROOT = '/';
const WINDOW_TRIAL = fileURLToPath(new URL('../../ui/trial.js', import.meta.url));
/** As for what cannot be used: something that machines need is missing. */
const UNFIT = 69;

/** `vmnetx doctor`: tells whether this computer can run machines, and what to do if not. */
export async function doctor({ json }: Extract<Plan, { command: 'doctor' }>): Promise<number> {
  let status = 0;
  const interrupted = await untilInterrupted(async (signal) => {
    const host = {
      environment: process.env,
      userId: process.getuid?.() ?? 0,
      root: ROOT,
      distribution: await readDistribution(ROOT),
      capacity: hostCapacity(),
      windowTrial: WINDOW_TRIAL,
    };
    const results = await examine(CHECKS, host, signal);
    const usable = results.every(({ state }) => state !== 'bad');
    const checks = results.map(({ id, state, found, meaning, advice }) => ({
      id,
      state,
      found,
      meaning,
      advice,
    }));
    const told = json ? `${JSON.stringify({ usable, checks }, null, 2)}\n` : findingsTable(results);
    process.stdout.write(told);
    status = usable ? 0 : UNFIT;
  });
  return interrupted === 0 ? status : interrupted;
}
