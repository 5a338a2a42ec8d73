import { LAUNCHER } from '../../confinement/index.js';
import { withinProgram } from '../../places/index.js';
import { bad, good, warning, type Check, type Finding } from '../check.js';
import { installAdvice } from '../distribution.js';
import { runProgram } from '../run-program.js';

const MEANING = 'QEMU is what runs the machines: without it, none runs.';
/** The oldest that machines are tried with. */
const OLDEST = { major: 7, minor: 2 };

/** Which QEMU there is, and which generations of PCs it can be. */
export const qemu: Check = {
  id: 'qemu',
  title: 'Emulator (QEMU)',
  needed: true,
  examine: async ({ environment, distribution }, signal) => {
    // It finds QEMU as it does for machines; without a machine it needs no session.
    const ask = (...words: readonly string[]) =>
      runProgram(withinProgram(LAUNCHER), words, environment, signal);
    const [told, machines] = [
      await ask('-machine', 'none', '--version'),
      await ask('-machine', 'help'),
    ];
    if (told.kind !== 'done' || told.status !== 0) {
      return bad(
        'QEMU for PCs (qemu-system-x86_64) is not installed, or cannot be run.',
        MEANING,
        installAdvice(distribution, 'qemu'),
      );
    }
    const version = /version (\d+\.\d+)[\d.]*/.exec(told.output)?.[1] ?? '0';
    const types = machines.kind === 'done' ? machines.output : '';
    return rated(version, types);
  },
};

/** @param types what QEMU lists of its machine types */
function rated(version: string, types: string): Finding {
  const generations = [...types.matchAll(/^pc-i440fx-(\d+)\.(\d+) /gm)]
    .map(([, major, minor]) => ({ major: Number(major), minor: Number(minor) }))
    .sort((a, b) => a.major - b.major || a.minor - b.minor)
    .map(({ major, minor }) => `${major}.${minor}`);
  const [oldest, newest] = [generations[0], generations.at(-1)];
  if (oldest === undefined || newest === undefined) {
    return bad(
      `Version ${version} is there, but without the ordinary PC (i440FX).`,
      'Most machines are such PCs and do not run.',
      'Install a QEMU that has it; that of Red Hat Enterprise Linux has not.',
    );
  }
  const found = `Version ${version}, with PCs as of QEMU ${oldest} to ${newest}.`;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)
    ? good(found, 'A machine made for a newer PC than these needs a newer QEMU.')
    : warning(
        found,
        `Machines are tried with version ${OLDEST.major}.${OLDEST.minor} and newer only.`,
        'Use a newer version of your distribution.',
      );
}
