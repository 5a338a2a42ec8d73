import { stat } from 'node:fs/promises';
import { fail, fileError } from '../errors/index.js';

/** A file as it was: what differs when somebody writes to it, or puts another in its place. */
interface Version {
  readonly path: string;
  readonly inode: bigint;
  readonly size: bigint;
  readonly modified: bigint;
}

/**
 * Remembers files as they are.
 *
 * @returns throws `image-changed` when one of them has changed since, or is gone
 * @throws VmnetxError `host-…`
 */
export async function rememberFiles(paths: readonly string[]): Promise<() => Promise<void>> {
  const before = await Promise.all(paths.map(versionOf));
  return async () => {
    for (const version of before) {
      const now = await versionOf(version.path).catch(() => null);
      if (now === null || !isSame(version, now))
        throw fail('image-changed', { path: version.path });
    }
  };
}

async function versionOf(path: string): Promise<Version> {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true });
    return { path, inode: ino, size, modified: mtimeNs };
  } catch (error) {
    throw fileError(path, error);
  }
}

function isSame(one: Version, other: Version): boolean {
  return one.inode === other.inode && one.size === other.size && one.modified === other.modified;
}
