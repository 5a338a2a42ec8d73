import { readFile } from 'node:fs/promises';
import { output } from './programs.js';

/** Whether something is mounted on the folder, alive or dead. */
export async function isMounted(directory: string): Promise<boolean> {
  return (await readFile('/proc/self/mounts', 'utf8')).includes(` ${directory} `);
}

/** Removes the mounts below a folder, which a test that failed has left. */
export async function removeMounts(folder: string): Promise<void> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n');
  for (const line of mounts.reverse()) {
    const [, path = ''] = line.split(' ');
    if (path.startsWith(`${folder}/`)) {
      await output('fusermount3', '-u', '-z', '-q', '--', path).catch(() => undefined);
    }
  }
}
