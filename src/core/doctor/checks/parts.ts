import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { LAUNCHER } from '../../confinement/index.js';
import { loadNative, withinProgram } from '../../places/index.js';
import { bad, good, type Check } from '../check.js';
import { runProgram } from '../run-program.js';

const ADDONS = ['libvirt', 'chunkfs', 'locks'].map((name) => ({
  name,
  path: `native/${name}/build/Release/${name}.node`,
}));
const PROBE = 'native/kvm-probe/build/Release/kvm-probe';

/** The parts of the program that are made for one kind of computer. */
export const parts: Check = {
  id: 'parts',
  title: 'VMNetX itself',
  needed: true,
  examine: async ({ environment }, signal) => {
    const unfit = ADDONS.filter(({ path }) => !loads(path)).map(({ name }) => name);
    const started = await runProgram(withinProgram(LAUNCHER), ['--check'], environment, signal);
    if (started.kind !== 'done' || started.status !== 0) unfit.push('launcher');
    // What the probe finds is told under KVM.
    await access(withinProgram(PROBE), constants.X_OK).catch(() => unfit.push('kvm-probe'));
    if (unfit.length === 0) return good('It is complete.', 'Its parts fit this computer.');
    return bad(
      `Missing, or not made for this computer: ${unfit.join(', ')}.`,
      'Machines cannot be run without them.',
      'Install VMNetX again, with the libraries it needs; in a checkout, run “npm run setup”.',
    );
  },
};

function loads(path: string): boolean {
  try {
    loadNative(path, (value): value is object => typeof value === 'object' && value !== null);
    return true;
  } catch {
    return false;
  }
}
