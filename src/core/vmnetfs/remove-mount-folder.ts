import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

/** In the private folder of a session, the folder of its mount. */
const MOUNT = 'mount';
/** The file whose lock says that the folder's owner lives; the lock goes with the process. */
export const OWNER_FILE = 'owner';

/**
 * Removes the private folder of a session, its owner's lock last: as long as the mount is there
 * nothing is removed, so that it can be found and cleared later.
 *
 * @throws Error EBUSY for a folder that is still mounted
 */
export async function removeMountFolder(folder: string): Promise<void> {
  await unlessMissing(rmdir(join(folder, MOUNT)));
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => each !== OWNER_FILE)) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
  await rm(join(folder, OWNER_FILE), { force: true });
  await unlessMissing(rmdir(folder));
}

async function unlessMissing(removing: Promise<void>): Promise<void> {
  try {
    await removing;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
