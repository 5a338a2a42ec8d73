import { readFile } from 'node:fs/promises';

/** Whether something is mounted on the folder, alive or dead. */
export async function isMounted(directory: string): Promise<boolean> {
  return (await readFile('/proc/self/mounts', 'utf8')).includes(` ${directory} `);
}
