import { setTimeout as sleep } from 'node:timers/promises';
import { Desktop } from '../../test/e2e/support/desktop.js';
import { openLink } from '../link.js';
import { OURS } from '../results.js';
import type { WindowBench } from './bench.js';
import { drawnBetween } from './frames.js';
import { now, packMachine, ShownMachine } from './machine.js';

export const REDRAWS = 'redraws of the whole window';
const GAP = 'longest time without one';
const FETCHED = 'fetched meanwhile';
const IDLE = 'nothing is fetched';
export const LOADED = 'chunks are fetched as fast as they come';
const IDLE_MILLISECONDS = 2000;
/** Until the last pictures are written down. */
const LATE_MILLISECONDS = 200;

/** Measures how often the window is drawn while nothing is fetched, and while as much as can be is. */
export async function measureRedraws(bench: WindowBench): Promise<void> {
  const { plan, scratch, signal } = bench;
  const served = await packMachine(scratch, plan.runs * plan.runBytes, signal);
  const link = await openLink(served, null);
  try {
    await using desktop = await Desktop.prepare();
    // libvirt's daemon runs for everybody: at its first start it examines QEMU for some seconds.
    await desktop.virsh('list');
    await using machine = await ShownMachine.open(link.origin, desktop);
    for (let run = 0; run < plan.runs; run++) await measureOnce(bench, machine);
  } finally {
    await link.close();
  }
}

async function measureOnce(
  { plan, results, signal }: WindowBench,
  machine: ShownMachine,
): Promise<void> {
  const measure = async (setting: string, meanwhile: () => Promise<unknown>): Promise<number> => {
    const begin = now();
    await meanwhile();
    const end = now();
    await sleep(LATE_MILLISECONDS, undefined, { signal });
    const drawn = drawnBetween(await machine.frames(), begin, end);
    results.add({ metric: REDRAWS, setting, unit: 'frames/s' }, OURS, drawn.framesPerSecond);
    results.add({ metric: GAP, setting, unit: 'ms' }, OURS, drawn.longestGap);
    return end - begin;
  };
  await measure(IDLE, () => sleep(IDLE_MILLISECONDS, undefined, { signal }));
  const milliseconds = await measure(LOADED, () => machine.fetch(plan.runBytes));
  const rate = plan.runBytes / 1000 / milliseconds;
  results.add({ metric: FETCHED, setting: LOADED, unit: 'MB/s' }, OURS, rate);
}
