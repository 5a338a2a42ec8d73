import { randomUUID } from 'node:crypto';
import { mkdir, open, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Opens a sparse file without a name in `directory` (made if need be): nothing is left of it once
 * it is closed, even if the process is killed. The caller owns the handle.
 *
 * @param sizeBytes how long the file is; none of it takes space until it is written
 */
export async function openScratchFile(directory: string, sizeBytes: number): Promise<FileHandle> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, `.scratch-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  try {
    await unlink(path);
    await file.truncate(sizeBytes);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
