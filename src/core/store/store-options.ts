import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileError } from '../errors/index.js';
import { cacheDirectory, runtimeDirectory, type Environment } from '../places/index.js';
import { readCacheLimit } from '../settings/index.js';
import { systemCode } from './trust.js';

export interface StoreOptions {
  /** The folder of the store, an absolute path. */
  readonly cacheDirectory: string;
  /** Where live files go, which do not outlive this boot; null where there is no such place. */
  readonly runtimeDirectory: string | null;
  /** Bytes that the store may take; null: a tenth of its file system, at least 10 GiB. */
  readonly limitBytes: number | null;
}

/** What the store takes unless the user says otherwise, at least: a disk or two. */
const LEAST_LIMIT_BYTES = 10 * 2 ** 30;
const LIMIT_SHARE = 10;

/**
 * The store of this user.
 *
 * @throws VmnetxError `usage-arguments`, `settings-malformed` where its limit is not said correctly
 */
export async function storeOptions(environment: Environment): Promise<StoreOptions> {
  return {
    cacheDirectory: cacheDirectory(environment),
    runtimeDirectory: runtimeDirectory(environment),
    limitBytes: (await readCacheLimit(environment)).bytes,
  };
}

/** Bytes that the store may take, also where there is no store yet. */
export async function effectiveLimit(options: StoreOptions): Promise<number> {
  const { cacheDirectory: directory, limitBytes } = options;
  if (limitBytes !== null) return limitBytes;
  const share = Math.floor((await fileSystemBytes(directory)) / LIMIT_SHARE);
  return Math.max(share, LEAST_LIMIT_BYTES);
}

/** Bytes that somebody without privileges may still write to the file system of a folder. */
export async function freeBytes(directory: string): Promise<number> {
  try {
    const { bsize, bavail } = await statfs(directory);
    return bsize * bavail;
  } catch (error) {
    throw fileError(directory, error);
  }
}

/** The size of the file system on which a folder is, or will be. */
async function fileSystemBytes(directory: string): Promise<number> {
  try {
    const { bsize, blocks } = await statfs(directory);
    return bsize * blocks;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return fileSystemBytes(dirname(directory));
    throw fileError(directory, error);
  }
}
