import { good, warning, type Check } from '../check.js';
import { installAdvice } from '../distribution.js';
import { runProgram } from '../run-program.js';

export const publishing: Check = {
  id: 'publishing',
  title: 'Packing machines (qemu-img)',
  needed: false,
  examine: async ({ environment, distribution }, signal) => {
    const ending = await runProgram('qemu-img', ['--version'], environment, signal);
    return ending.kind === 'done' && ending.status === 0
      ? good('It is installed.', 'Machines can be packed for others.')
      : warning(
          'The program qemu-img is not installed, or cannot be run.',
          'Machines run, but cannot be packed for others.',
          installAdvice(distribution, 'qemu-img'),
        );
  },
};
