import type { Stats } from 'node:fs';
import { fail, VmnetxError } from '../errors/index.js';

/** What the store expects in a place. */
export type Kind = 'file' | 'folder';

/** Write permission of the group and of everybody. */
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Checks that a file or folder is what the store itself would have made: of this user, of the right
 * kind, with no second name, and not writable by others. What is not may have been planted, and
 * nothing of it is believed.
 *
 * @param stats of what was opened, or by lstat; never of where a symbolic link leads
 * @throws VmnetxError `store-foreign`, `store-unsafe`
 */
export function requireOurs(path: string, kind: Kind, stats: Stats): void {
  const right = kind === 'file' ? stats.isFile() : stats.isDirectory();
  if (!right) throw unsafe(path, kind === 'file' ? 'it is not a file' : 'it is not a folder');
  if (stats.uid !== process.geteuid?.()) throw fail('store-foreign', { path });
  if ((stats.mode & WRITABLE_BY_OTHERS) !== 0) throw unsafe(path, 'others may write to it');
  if (kind === 'file' && stats.nlink > 1) throw unsafe(path, 'it is a file of another folder, too');
}

export function unsafe(path: string, reason: string): VmnetxError {
  return fail('store-unsafe', { path, reason });
}

/** Whether {@link requireOurs} refused. */
export function isRefusal(error: unknown): boolean {
  return (
    error instanceof VmnetxError &&
    (error.code === 'store-foreign' || error.code === 'store-unsafe')
  );
}

/** The code of a failed system call, such as `ENOENT`, or null. */
export function systemCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}
