/**
 * process NAME RUNS SEED CASE-FILE [SHOWN-FILE]: gives a parser so many inputs, or the one that a file
 * tells, and says on standard output what is wrong with the first that is not parsed or refused as it
 * should be; nothing if all are. Its parent is sent a Progress now and then, and at the end.
 */
import { openSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { VmnetxError } from '../../src/core/errors/index.js';
import { noteCase } from './case-file.js';
import { MAX_GROWTH_BYTES, MAX_INPUT_MILLISECONDS } from './limits.js';
import { OutcomeCounter, type Progress } from './outcomes.js';
import type { FuzzTarget } from './target.js';
import { targets } from './targets/index.js';
import { plantedTargets } from './targets/planted.js';

const QUICK_MILLISECONDS = 5;
/** At the least. */
const PROGRESS_MILLISECONDS = 5000;

const [name = '', runs = '', seed = '', casePath = '', shownPath = ''] = process.argv.slice(2);
const caseFile = openSync(casePath, 'w');
const all = new Map(Object.entries({ ...targets, ...plantedTargets }));
const counter = new OutcomeCounter();

await all.get(name)?.(async <Input>({ inputs, parse, show, read }: FuzzTarget<Input>) => {
  const shown = shownPath === '' ? null : readFileSync(shownPath, 'utf8');
  const given = shown === null || read === undefined ? inputs : fc.constant(read(shown));
  const peakAtStart = process.resourceUsage().maxRSS;
  let told = performance.now();
  const property = fc.asyncProperty(given, async (input) => {
    noteCase(caseFile, show(input));
    const start = performance.now();
    counter.count(await refusalOf(() => parse(input)));
    const end = performance.now();
    // So quickly no such amount of memory is filled; asking costs as much as a small input.
    if (end - start < QUICK_MILLISECONDS) return;
    const growth = (process.resourceUsage().maxRSS - peakAtStart) * 1024;
    if (growth > MAX_GROWTH_BYTES) throw new Error(`it took ${growth} bytes of memory`);
    if (end - start > MAX_INPUT_MILLISECONDS) await checkTime(() => parse(input));
    if (end - told < PROGRESS_MILLISECONDS) return;
    told = end;
    tellProgress();
  });
  // What one input cost, the next ones would be blamed for, too: nothing is made smaller here.
  const options = { numRuns: Number(runs), seed: Number(seed), endOnFailure: true };
  const { failed, errorInstance } = await fc.check(property, options);
  tellProgress();
  if (failed) process.stdout.write(describe(errorInstance));
});

function tellProgress(): void {
  const progress: Progress = { ...counter.all, memoryBytes: process.memoryUsage.rss() };
  process.send?.(progress);
}

/** How a parser refused, or null if it did not. */
async function refusalOf(parse: () => unknown): Promise<VmnetxError | null> {
  try {
    await parse();
    return null;
  } catch (error) {
    if (error instanceof VmnetxError) return error;
    throw error;
  }
}

/** Others may have had the processor in that time: only what the input itself takes of it counts. */
async function checkTime(parse: () => unknown): Promise<void> {
  const start = process.cpuUsage();
  await refusalOf(parse);
  const { user, system } = process.cpuUsage(start);
  const milliseconds = (user + system) / 1000;
  if (milliseconds > MAX_INPUT_MILLISECONDS)
    throw new Error(`it took ${Math.round(milliseconds)} ms`);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
