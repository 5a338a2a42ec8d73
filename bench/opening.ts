import { join } from 'node:path';
import { inOwnFolder, type Bench } from './bench.js';
import { writeSparsePackage } from './content.js';
import { interleave } from './interleave.js';
import { openLink, type Link } from './link.js';
import { commandLine, peakMemory, processTree } from './process-tree.js';
import { OURS } from './results.js';
import { mountPackage } from './subjects/index.js';

const METRIC = 'opening a package';
const MEMORY_METRIC = 'memory of vmnetfs when opened';

/** A package of that size takes the place of a subject: they compete with each other. */
interface Size {
  readonly name: string;
  readonly bytes: number;
}

const SIZES: readonly Size[] = [
  { name: '1 GiB', bytes: 2 ** 30 },
  { name: '1 TiB', bytes: 2 ** 40 },
];

/** Measures whether the time and memory of opening a package depend on its size. */
export async function measureOpening(bench: Bench): Promise<void> {
  const ours = bench.subjects.some(({ name }) => name === OURS);
  if (!ours || ![METRIC, MEMORY_METRIC].some((metric) => bench.wants(metric))) return;
  bench.say(METRIC);
  for (const size of SIZES)
    await writeSparsePackage(join(bench.served, fileName(size)), size.bytes);
  const link = await openLink(bench.served, null);
  try {
    const measure = (size: Size): Promise<void> => measureSize(bench, link, size);
    const contest = { metric: METRIC, setting: 'unthrottled', subjects: SIZES };
    await interleave({ ...contest, runs: bench.plan.runs, measure }, bench.results, bench.signal);
  } finally {
    await link.close();
  }
}

function fileName({ name }: Size): string {
  return `${name.replace(' ', '-')}.nxpk`;
}

async function measureSize(bench: Bench, { origin }: Link, size: Size): Promise<void> {
  const start = performance.now();
  const session = await inOwnFolder(bench.scratch, (folder) =>
    mountPackage(origin, fileName(size), folder, bench.signal),
  );
  try {
    const setting = size.name;
    const time = { metric: METRIC, setting, unit: 'ms' } as const;
    bench.results.add(time, OURS, performance.now() - start);
    const memory = { metric: MEMORY_METRIC, setting, unit: 'MiB' } as const;
    bench.results.add(memory, OURS, await memoryOfVmnetfs(session.pid ?? 0));
  } finally {
    await session.end();
  }
}

async function memoryOfVmnetfs(pid: number): Promise<number> {
  for (const process of await processTree(pid)) {
    if ((await commandLine(process)).includes('vmnetfs/process.js'))
      return await peakMemory(process);
  }
  throw new Error('There is no vmnetfs');
}
