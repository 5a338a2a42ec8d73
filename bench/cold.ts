import { startSession, type Bench } from './bench.js';
import { fio, type Job, type Outcome } from './fio.js';
import { interleave } from './interleave.js';
import { openLink } from './link.js';
import type { LinkShape, Plan } from './plan.js';
import { coldRows, valueOf, type ColdRow } from './rows.js';
import type { Purpose, Subject } from './subjects/index.js';

/** Measures what a subject that has nothing yet brings over each link. */
export async function measureCold(bench: Bench): Promise<void> {
  const rows = coldRows.filter(({ metric }) => bench.wants(metric));
  for (const shape of [null, ...bench.plan.links]) {
    for (const row of rows) await measureRow(bench, row, shape);
  }
}

async function measureRow(bench: Bench, row: ColdRow, shape: LinkShape | null): Promise<void> {
  const { plan, results, signal } = bench;
  // A server of its own for each row keeps its log short.
  const link = await openLink(bench.served, shape);
  const setting = link.name;
  const { metric, unit } = row;
  bench.say(`${metric} (${setting})`);
  const done: { readonly name: string; readonly origin: string; readonly bytes: number }[] = [];
  try {
    const subjects = bench.subjects.filter(({ fetches }) => fetches);
    const measure = async (subject: Subject, run: number): Promise<void> => {
      const origin = await link.counted();
      const job = coldJob(plan, row, shape, run);
      const outcome = await measureRun(bench, purposeOf(row, shape), origin, subject, job);
      results.add({ metric, setting, unit }, subject.name, valueOf(unit, outcome));
      done.push({ name: subject.name, origin, bytes: outcome.bytes });
    };
    await interleave({ metric, setting, subjects, runs: plan.runs, measure }, results, signal);
    // What was under way at a subject's end is logged later: so all is counted now.
    const sent = await link.finish();
    const fetched = { metric: `${metric}: fetched`, setting, unit: 'bytes/byte' } as const;
    for (const { name, origin, bytes } of done) {
      results.add(fetched, name, (sent.get(origin) ?? 0) / bytes);
    }
  } finally {
    await link.close();
  }
}

function purposeOf({ kind }: ColdRow, shape: LinkShape | null): Purpose {
  if (kind !== 'read') return 'random';
  return shape === null ? 'sequential, unthrottled' : 'sequential, over a link';
}

/** Lets a subject live for one job. */
async function measureRun(
  bench: Bench,
  purpose: Purpose,
  origin: string,
  subject: Subject,
  job: Job,
): Promise<Outcome> {
  const session = await startSession(bench, subject, origin, purpose);
  try {
    return await fio(session.target, job, bench.scratch, bench.signal);
  } finally {
    await session.end();
  }
}

function coldJob(plan: Plan, row: ColdRow, shape: LinkShape | null, run: number): Job {
  const { kind, blockBytes, depth } = row;
  const { limits } = plan;
  const sequential = kind === 'read';
  const bytes = shape === null ? plan.sequentialBytes.loopback : plan.sequentialBytes.link;
  const overLink = sequential ? limits.sequentialOverLink : limits.randomOverLink;
  return {
    kind,
    blockBytes,
    depth,
    direct: false,
    region: { offset: 0, bytes: sequential ? bytes : plan.imageBytes },
    count: sequential ? null : plan.randomReads,
    limitMilliseconds: shape === null ? limits.loopback : overLink,
    repeat: false,
    seed: run + 1,
    fill: false,
  };
}
