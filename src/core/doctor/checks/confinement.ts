import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { allowsLabel, LAUNCHER } from '../../confinement/index.js';
import { withinProgram } from '../../places/index.js';
import { bad, good, unknown, warning, type Check } from '../check.js';
import { runProgram } from '../run-program.js';

export const landlock: Check = {
  id: 'landlock',
  title: 'Confinement to files (Landlock)',
  needed: false,
  examine: async ({ environment }, signal) => {
    const ending = await runProgram(withinProgram(LAUNCHER), ['--check'], environment, signal);
    if (ending.kind !== 'done' || ending.status !== 0) {
      return unknown('It cannot be asked for.', 'It keeps a machine from your files.');
    }
    const version = ending.output.trim();
    return version === 'none'
      ? warning(
          'Linux does not offer it here.',
          'A machine that breaks out of QEMU can read and change your files.',
          'Use Linux 5.13 or newer with “landlock” among its security modules (boot option lsm=).',
        )
      : good(
          `Linux offers it (version ${version}).`,
          'Even a machine that breaks out of QEMU cannot reach your files.',
        );
  },
};

export const seccomp: Check = {
  id: 'seccomp',
  title: 'Confinement to system calls (seccomp)',
  needed: true,
  examine: async ({ root }) => {
    const path = join(root, 'proc/sys/kernel/seccomp/actions_avail');
    const actions = await readFile(path, 'utf8').catch(() => '');
    return actions.split(/\s/).includes('errno')
      ? good('Linux offers it.', 'A machine that breaks out of QEMU finds few ways on.')
      : bad(
          'Linux does not offer it here.',
          'QEMU is not started without it.',
          'Use a kernel with CONFIG_SECCOMP_FILTER, as distributions have it.',
        );
  },
};

export const selinux: Check = {
  id: 'selinux',
  title: 'SELinux',
  needed: false,
  examine: async ({ root }) => {
    const folder = join(root, 'sys/fs/selinux');
    const enforcing = (await readFile(join(folder, 'enforce'), 'utf8').catch(() => '')).trim();
    if (enforcing !== '1') return good('It is not enforcing rules.', 'It does not matter then.');
    return (await allowsLabel(folder))
      ? good(
          'It is enforcing rules, with the one that lets machines read mounts of yours.',
          'Machines run under its rules for virtual machines.',
        )
      : warning(
          'It is enforcing rules, and none lets machines read mounts of yours.',
          'Machines run, but without its rules for virtual machines.',
          'Allow it: sudo setsebool -P virt_use_fusefs 1',
        );
  },
};

export const apparmor: Check = {
  id: 'apparmor',
  title: 'AppArmor',
  needed: false,
  examine: async ({ root }) => {
    const path = join(root, 'sys/module/apparmor/parameters/enabled');
    const enabled = (await readFile(path, 'utf8').catch(() => '')).trim();
    return enabled === 'Y'
      ? good(
          'It is on.',
          'Where it forbids mounts or QEMU, the checks of FUSE, libvirt and QEMU fail.',
        )
      : good('It is not on.', 'It does not matter then.');
  },
};
