import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Desktop } from '../../test/e2e/support/desktop.js';
import { until } from '../../test/support/wait.js';
import { interleave } from '../interleave.js';
import { openLink } from '../link.js';
import type { LinkShape } from '../plan.js';
import { OURS, type Metric, type Results } from '../results.js';
import type { BenchGuest } from './guest.js';
import type { ResumePlan } from './plan.js';
import { downloadAndRestore } from './restore.js';
import { resumeInWindow, type Resumed } from './window.js';

export const RESTORE = 'curl, virsh restore';
/** What no one can be faster than: the memory's bytes, at the link's speed. */
export const FLOOR = 'floor';

const COLD = 'click to first new count, cold';
const WARM = 'click to first new count, warm';
const KEPT_MILLISECONDS = 60_000;

export interface ResumeBench {
  readonly plan: ResumePlan;
  readonly guest: BenchGuest;
  readonly results: Results;
  readonly signal: AbortSignal;
}

/** Measures a machine that comes back from its saved memory, over each link, and a second time. */
export async function measureResuming(bench: ResumeBench): Promise<void> {
  await using desktop = await Desktop.prepare();
  // libvirt's daemon runs for everybody: at its first start it examines QEMU for some seconds.
  await desktop.virsh('list');
  for (const shape of bench.plan.links) await measureCold(bench, desktop, shape);
  await measureWarm(bench, desktop);
}

async function measureCold(
  { plan, guest, results, signal }: ResumeBench,
  desktop: Desktop,
  shape: LinkShape,
): Promise<void> {
  const link = await openLink(guest.served, shape);
  const metric: Metric = { metric: COLD, setting: link.name, unit: 'ms' };
  const measures: Readonly<Record<string, () => Promise<Resumed>>> = {
    // Nothing was fetched from there yet.
    [OURS]: async () =>
      resumeInWindow(`${await link.counted()}/${guest.package}`, desktop, guest.count),
    [RESTORE]: () => downloadAndRestore(`${link.origin}/${guest.memory}`, desktop, guest),
  };
  try {
    const subjects = Object.keys(measures).map((name) => ({ name }));
    const measure = async ({ name }: { readonly name: string }): Promise<void> => {
      const resumed = await measures[name]?.();
      if (resumed !== undefined) addAll(results, metric, name, resumed);
    };
    const contest = { ...metric, subjects, runs: plan.runs, measure };
    await interleave(contest, results, signal);
    const bytesPerMillisecond = (shape.megabitsPerSecond * 1e6) / 8000;
    results.add(metric, FLOOR, guest.memoryBytes / bytesPerMillisecond);
  } finally {
    await link.close();
  }
}

/** With all of it in the store, in the form in which it was left there. */
async function measureWarm(
  { plan, guest, results, signal }: ResumeBench,
  desktop: Desktop,
): Promise<void> {
  const link = await openLink(guest.served, null);
  const metric: Metric = { metric: WARM, setting: link.name, unit: 'ms' };
  const url = `${link.origin}/${guest.package}`;
  try {
    await resumeInWindow(url, desktop, guest.count, () =>
      until('the state is kept', () => hasKeptState(desktop), KEPT_MILLISECONDS),
    );
    const measure = async (): Promise<void> => {
      addAll(results, metric, OURS, await resumeInWindow(url, desktop, guest.count));
    };
    const contest = { ...metric, subjects: [{ name: OURS }], runs: plan.runs, measure };
    await interleave(contest, results, signal);
  } finally {
    await link.close();
  }
}

async function hasKeptState(desktop: Desktop): Promise<boolean> {
  const files = await readdir(join(desktop.folder, 'cache/vmnetx'), { recursive: true });
  return files.some((name) => name.endsWith('/state'));
}

function addAll(results: Results, metric: Metric, subject: string, resumed: Resumed): void {
  results.add(metric, subject, resumed.milliseconds);
  for (const [part, time] of resumed.split) {
    results.add({ ...metric, metric: `${metric.metric}: ${part}` }, subject, time);
  }
}
