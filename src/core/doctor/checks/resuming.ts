import { confinedFilter } from '../../confinement/index.js';
import { DECOMPRESSORS, MAX_TOOL_BYTES } from '../../memory/index.js';
import { good, warning, type Check } from '../check.js';
import { installAdvice } from '../distribution.js';
import { runProgram } from '../run-program.js';

export const resuming: Check = {
  id: 'resuming',
  title: 'Saved machines (programs that decompress)',
  needed: false,
  examine: async ({ environment, distribution }, signal) => {
    const runs = await Promise.all(
      DECOMPRESSORS.map(async (program) => {
        const { path, words } = await confinedFilter([program, '--help'], MAX_TOOL_BYTES);
        const ending = await runProgram(path, words, environment, signal);
        return ending.kind === 'done' && ending.status === 0;
      }),
    );
    const missing = DECOMPRESSORS.filter((_, index) => runs[index] !== true);
    return missing.length === 0
      ? good('They are all installed.', 'Machines that were saved while they ran can go on.')
      : warning(
          `Not installed, or cannot be run: ${missing.join(', ')}.`,
          'Saved machines whose memory is compressed by them start from their disk instead.',
          installAdvice(distribution, ...missing),
        );
  },
};
