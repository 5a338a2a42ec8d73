import { randomUUID } from 'node:crypto';
import { mkdir, open, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from '../errors/index.js';

/** Begins the names that scratch files have for a moment; who finds an old one may remove it. */
export const SCRATCH_PREFIX = '.scratch-';

/**
 * Opens a sparse file without a name in `directory` (made if need be): nothing is left of it once
 * it is closed, even if the process is killed. The caller owns the handle.
 *
 * @param sizeBytes how long the file is; none of it takes space until it is written
 * @throws VmnetxError `host-permission`, `host-no-space`, `host-input-output`, …
 */
export async function openScratchFile(directory: string, sizeBytes: number): Promise<FileHandle> {
  const path = join(directory, `${SCRATCH_PREFIX}${randomUUID()}`);
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const file = await open(path, 'wx+', 0o600);
    try {
      await unlink(path);
      await file.truncate(sizeBytes);
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  } catch (error) {
    throw fileError(directory, error);
  }
}
