import { withinProgram } from '../../places/index.js';
import { PLAYER } from '../../sound/index.js';
import { good, unknown, warning, type Check } from '../check.js';
import { runProgram } from '../run-program.js';

/** Whether there is somebody to play what machines have to say. */
export const sound: Check = {
  id: 'sound',
  title: 'Sound',
  needed: false,
  examine: async ({ environment, userId }, signal) => {
    const meaning = 'Machines that have a sound card, or a PC’s speaker, are heard.';
    if (userId === 0) return unknown('Nothing of a desktop is touched as root.', meaning);
    const tried = await runProgram(withinProgram(PLAYER), ['--check'], environment, signal);
    if (tried.kind === 'done' && tried.status === 0)
      return good('A sound server answers.', meaning);
    return warning(
      'There is no sound server (PipeWire with its part for PulseAudio, or PulseAudio).',
      'Machines run, but are silent.',
      'Log in to a desktop session that has sound.',
    );
  },
};
