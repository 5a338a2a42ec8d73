/**
 * process NAME RUNS SEED CASE-FILE: gives a parser so many inputs, and says on standard output what is
 * wrong with the first that is not parsed or refused as it should be; nothing if all are.
 */
import { openSync } from 'node:fs';
import * as fc from 'fast-check';
import { VmnetxError } from '../../src/core/errors/index.js';
import { noteCase } from './case-file.js';
import { MAX_GROWTH_BYTES, MAX_INPUT_MILLISECONDS } from './limits.js';
import type { FuzzTarget } from './target.js';
import { targets } from './targets/index.js';
import { plantedTargets } from './targets/planted.js';

const [name = '', runs = '', seed = '', casePath = ''] = process.argv.slice(2);
const caseFile = openSync(casePath, 'w');
const all = new Map(Object.entries({ ...targets, ...plantedTargets }));

await all.get(name)?.(async <Input>({ inputs, parse, show }: FuzzTarget<Input>) => {
  const peakAtStart = peakBytes();
  const property = fc.asyncProperty(inputs, async (input) => {
    noteCase(caseFile, show(input));
    const start = process.cpuUsage();
    await refuseOrParse(() => parse(input));
    const { user, system } = process.cpuUsage(start);
    const milliseconds = (user + system) / 1000;
    if (milliseconds > MAX_INPUT_MILLISECONDS) {
      throw new Error(`it took ${Math.round(milliseconds)} ms`);
    }
    const growth = peakBytes() - peakAtStart;
    if (growth > MAX_GROWTH_BYTES) throw new Error(`it took ${growth} bytes of memory`);
  });
  // What one input cost, the next ones would be blamed for, too: nothing is made smaller.
  const options = { numRuns: Number(runs), seed: Number(seed), endOnFailure: true };
  const { failed, errorInstance } = await fc.check(property, options);
  if (failed) process.stdout.write(describe(errorInstance));
});

async function refuseOrParse(parse: () => unknown): Promise<void> {
  try {
    await parse();
  } catch (error) {
    if (!(error instanceof VmnetxError)) throw error;
  }
}

/** The most memory that this process ever had. */
function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
