import { startSession, type Bench } from './bench.js';
import { fio, type Job } from './fio.js';
import { interleave, oneLine } from './interleave.js';
import { openLink } from './link.js';
import { dropPages } from './page-cache.js';
import type { Plan } from './plan.js';
import { openFilesBelow, processTree } from './process-tree.js';
import { runProgram } from './program.js';
import { valueOf, warmRows, type WarmRow } from './rows.js';
import type { Session, Subject } from './subjects/index.js';

/** A subject that has the whole image. */
interface Contestant extends Subject {
  readonly session: Session;
}

/** Measures what subjects do that fetched everything before; all of them live meanwhile. */
export async function measureWarm(bench: Bench): Promise<void> {
  const rows = warmRows.filter(({ metric }) => bench.wants(metric));
  if (rows.length === 0) return;
  const link = await openLink(bench.served, null);
  const contestants: Contestant[] = [];
  try {
    for (const subject of bench.subjects) {
      bench.say(`Fetching and comparing the whole image: ${subject.name}`);
      try {
        const session = await startSession(bench, subject, link.origin, 'warm');
        contestants.push({ ...subject, session });
        await fetchAll(bench, session);
      } catch (error) {
        bench.signal.throwIfAborted();
        bench.results.fail({
          metric: 'fetching the whole image',
          setting: link.name,
          subject: subject.name,
          reason: oneLine(error),
        });
      }
    }
    for (const row of rows) await measureRow(bench, row, contestants);
  } finally {
    for (const { session } of contestants) await session.end();
    await link.close();
  }
}

/** Reads all of it, and compares: a subject that serves wrong bytes takes no part. */
async function fetchAll(bench: Bench, { target }: Session): Promise<void> {
  const image = target.kind === 'file' ? target.path : `nbd+unix:///?socket=${target.socket}`;
  const compare = ['qemu-img', 'compare', '-f', 'raw', '-F', 'raw', image, bench.imagePath];
  await runProgram(compare, bench.signal);
}

async function measureRow(
  bench: Bench,
  row: WarmRow,
  contestants: readonly Contestant[],
): Promise<void> {
  const { plan, results, signal } = bench;
  const { metric, unit, warmth: setting } = row;
  bench.say(`${metric} (${setting})`);
  const subjects = contestants.filter(({ writable }) => writable || row.kind !== 'randwrite');
  const measure = async ({ name, session }: Contestant, run: number): Promise<void> => {
    await dropSession(bench, session);
    const outcome = await fio(session.target, warmJob(plan, row, run), bench.scratch, signal);
    results.add({ metric, setting, unit }, name, valueOf(unit, outcome));
  };
  await interleave({ metric, setting, subjects, runs: plan.runs, measure }, results, signal);
}

/** Drops the pages of the file that is read and of all that its subject keeps. */
async function dropSession({ scratch, signal }: Bench, session: Session): Promise<void> {
  const processes = session.pid === null ? [] : await processTree(session.pid);
  const kept = await Promise.all(processes.map((pid) => openFilesBelow(pid, scratch)));
  const shown = session.target.kind === 'file' ? [session.target.path] : [];
  for (const path of [...shown, ...kept.flat()]) await dropPages(path, signal);
}

function warmJob(plan: Plan, row: WarmRow, run: number): Job {
  const { kind, blockBytes, depth, direct } = row;
  const writes = kind === 'randwrite';
  return {
    kind,
    blockBytes,
    depth,
    direct,
    region: writes ? writeRegion(plan, depth, run) : { offset: 0, bytes: plan.warmBytes },
    count: null,
    limitMilliseconds: plan.limits.warm,
    repeat: !writes && row.warmth === 'page cache filled',
    seed: run + 1,
    fill: !writes && row.warmth === 'page cache filled',
  };
}

/** After the region that is read; each run has its own, so that it is the first to write there. */
function writeRegion({ warmBytes, writeBytes, runs }: Plan, depth: number, run: number) {
  const index = depth === 1 ? run : runs + run;
  return { offset: warmBytes + index * writeBytes, bytes: writeBytes };
}
