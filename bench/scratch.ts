import { mkdtemp, rm } from 'node:fs/promises';

/** On a disk everywhere, while /tmp may be memory. */
const SCRATCH = '/var/tmp/vmnetx-bench-';

/** Works in a new folder, of which nothing stays. */
export async function inScratch(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(SCRATCH);
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
