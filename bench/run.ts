import { access, constants, mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Bench } from './bench.js';
import { measureCold } from './cold.js';
import { writeContent } from './content.js';
import { measureOpening } from './opening.js';
import { inScratch } from './scratch.js';
import type { Subject } from './subjects/index.js';
import { measureWarm } from './warm.js';

/** Measures everything that was asked for. Whatever happens, nothing stays of it but the results. */
export async function runBenchmarks(
  wish: Omit<Bench, 'scratch' | 'served' | 'imagePath'>,
): Promise<void> {
  await inScratch(async (scratch) => {
    const served = join(scratch, 'served');
    await mkdir(served);
    wish.say('Making the image and its package');
    const imagePath = await writeContent(served, wish.plan.imageBytes, wish.signal);
    const subjects = await installed(wish);
    const bench = { ...wish, subjects, scratch, served, imagePath };
    await measureOpening(bench);
    await measureWarm(bench);
    await measureCold(bench);
  });
}

/** Those whose programs are there; of the others it is said that they are not. */
async function installed({ subjects, results, say }: Pick<Bench, 'subjects' | 'results' | 'say'>) {
  const found: Subject[] = [];
  for (const subject of subjects) {
    if (subject.needs === null || (await isInstalled(subject.needs))) {
      found.push(subject);
      continue;
    }
    const reason = `${subject.needs} is not installed`;
    say(`Without ${subject.name}: ${reason}`);
    results.fail({ metric: 'everything', setting: 'all', subject: subject.name, reason });
  }
  return found;
}

async function isInstalled(program: string): Promise<boolean> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const there = await access(join(folder, program), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (there) return true;
  }
  return false;
}
