import { chmod, link, mkdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { output } from '../../support/programs.js';
import type { Spoilings } from './spoiling.js';

/** What may stand in place of a file or a folder that is ours. */
const PLANTS: Readonly<Record<string, (path: string, victim: string) => Promise<unknown>>> = {
  'a symbolic link to a file': (path, victim) => symlink(join(victim, 'file'), path),
  'a hard link': (path, victim) => link(join(victim, 'file'), path),
  'a FIFO': (path) => output('mkfifo', path),
  'a folder that others may write to': async (path) => {
    await mkdir(path);
    await chmod(path, 0o777);
  },
};

/**
 * Each of the plants once, at one place after the other.
 *
 * @param find all the paths that are to have a plant in their place
 */
export function plantsAt(find: (store: string) => Promise<readonly string[]>): Spoilings {
  const entries = Object.entries(PLANTS).map(([what, plant], turn) => {
    const plantOne = async (store: string, victim: string): Promise<void> => {
      const paths = await find(store);
      const path = paths[turn % paths.length] ?? '';
      await rename(path, `${store}-aside`);
      await plant(path, victim);
      await rm(`${store}-aside`, { recursive: true });
    };
    return [what, { plant: plantOne }] as const;
  });
  return Object.fromEntries(entries);
}
