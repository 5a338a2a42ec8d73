import { open } from 'node:fs/promises';
import { runProgram } from './program.js';

/**
 * Takes a file's pages out of the kernel's page cache, as `posix_fadvise(DONTNEED)` does: anybody may,
 * for a file that they can read, while `/proc/sys/vm/drop_caches` is root's.
 *
 * @param path of a regular file; another kind is left alone
 */
export async function dropPages(path: string, signal: AbortSignal): Promise<void> {
  const file = await open(path).catch(() => null);
  if (file === null) return;
  try {
    if (!(await file.stat()).isFile()) return;
    // Only clean pages can be dropped.
    await file.datasync();
  } finally {
    await file.close();
  }
  const dd = ['dd', `if=${path}`, 'iflag=nocache', 'count=0', 'status=none'];
  await runProgram(dd, signal);
}
