import type { FileHandle } from 'node:fs/promises';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { getSystemErrorName } from 'node:util';
import { fail } from '../errors/index.js';
import type { Folder } from './folder.js';
import { loadLocks, type LocksAddon } from './locks-addon.js';

/** How often a lock that somebody else has is tried again, in milliseconds. */
const RETRY_MILLISECONDS = 10;

let locks: LocksAddon | null = null;

/**
 * A lock on an open file that it owns (flock(2)): shared by many or held by one, between processes
 * and within one, and gone with the process that has it.
 */
export class FileLock {
  readonly #file: FileHandle;
  readonly #path: string;

  /** @param path for errors */
  constructor(file: FileHandle, path: string) {
    this.#file = file;
    this.#path = path;
  }

  /** Whether the name still leads to the locked file, or to another one, or nowhere. */
  async isAt(folder: Folder, name: string): Promise<boolean> {
    const here = await this.#file.stat({ bigint: true });
    const there = await folder.exactStat(name);
    return there !== null && here.dev === there.dev && here.ino === there.ino;
  }

  /**
   * Takes the lock, or turns the one that is held into another kind. Never waits.
   *
   * @returns false when somebody else has it; nothing is held then, not even what was before
   * @throws VmnetxError `host-input-output` where the file system knows no locks
   */
  try(kind: 'shared' | 'exclusive'): boolean {
    locks ??= loadLocks();
    const errno = locks.lock(this.#file.fd, kind === 'exclusive');
    if (errno === 0) return true;
    if (errno === constants.errno.EWOULDBLOCK) return false;
    throw fail(
      'host-input-output',
      { path: this.#path },
      { detail: `flock: ${getSystemErrorName(-errno)}` },
    );
  }

  /**
   * Waits for the lock.
   *
   * @param milliseconds the longest wait
   * @throws VmnetxError `store-busy` when the time is up
   */
  async wait(kind: 'shared' | 'exclusive', milliseconds: number): Promise<void> {
    const end = performance.now() + milliseconds;
    while (!this.try(kind)) {
      if (performance.now() > end) throw fail('store-busy', { path: this.#path });
      await sleep(RETRY_MILLISECONDS);
    }
  }

  /** Gives the lock and the file up. */
  close(): Promise<void> {
    return this.#file.close();
  }
}
