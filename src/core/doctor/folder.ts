import { constants } from 'node:fs';
import { access, lstat, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A folder, or the nearest one above it if it is still to be made. */
export interface Place {
  readonly nearest: string;
  readonly isFolder: boolean;
  /** The account's; the folders above may be others'. */
  readonly isOurs: boolean;
  /** Nobody else can enter. */
  readonly isPrivate: boolean;
  /** Neither writable by others nor a link, or still to be made: what the chunk store wants. */
  readonly isGuarded: boolean;
  readonly isWritable: boolean;
  /** Bytes that an ordinary account may still use. */
  readonly freeBytes: number;
}

/** Looks at a folder by its absolute path. Makes nothing. */
export async function lookAt(path: string, userId: number): Promise<Place> {
  return look(path, path, userId);
}

async function look(path: string, nearest: string, userId: number): Promise<Place> {
  const stats = await stat(nearest).catch((error: unknown) => {
    if (isMissing(error) && dirname(nearest) !== nearest) return null;
    throw error;
  });
  if (stats === null) return look(path, dirname(nearest), userId);
  const { bavail, bsize } = await statfs(nearest);
  const isLink = (await lstat(nearest)).isSymbolicLink();
  return {
    nearest,
    isFolder: stats.isDirectory(),
    isOurs: nearest !== path || stats.uid === userId,
    isPrivate: stats.uid === userId && (stats.mode & 0o077) === 0,
    isGuarded: nearest !== path || (!isLink && (stats.mode & 0o022) === 0),
    isWritable: await access(nearest, constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    ),
    freeBytes: bavail * bsize,
  };
}

/** What keeps a folder from being made or written to, as a sentence; null: nothing. */
export function folderFault({ nearest, isFolder, isOurs, isWritable }: Place): string | null {
  if (!isFolder) return `${nearest} is not a folder.`;
  if (!isOurs) return `${nearest} belongs to somebody else.`;
  return isWritable ? null : `Nothing can be written in ${nearest}.`;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
