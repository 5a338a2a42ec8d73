import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const TIMEOUT_MILLISECONDS = 800;

const run = promisify(execFile);

/** Removes a mount whose process is gone; it may be gone too. */
export async function removeMount(directory: string): Promise<void> {
  try {
    const timeout = TIMEOUT_MILLISECONDS;
    await run('fusermount3', ['-u', '-z', '-q', '--', directory], { timeout });
  } catch {
    // It was not mounted any more: that is what was wanted.
  }
}
