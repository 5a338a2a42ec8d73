import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from '../errors/index.js';
import { FileLock } from '../store/index.js';
import { OWNER_FILE, removeMountFolder } from '../vmnetfs/index.js';

/** In a folder's name until it has its owner, so that nobody takes it for one whose owner is dead. */
export const UNOWNED = '.new-';

/**
 * The private folder of a run, `$XDG_RUNTIME_DIR/vmnetx/ID`: its mount and its sockets. Whoever finds
 * one that nobody has locked may clear it (clear-remains.ts).
 */
export class SessionFolder {
  /** Eight hexadecimal digits. */
  readonly id: string;
  readonly path: string;
  readonly #lock: FileLock;

  private constructor(id: string, path: string, lock: FileLock) {
    this.id = id;
    this.path = path;
    this.#lock = lock;
  }

  /**
   * Makes and locks a folder with an empty folder for the mount; nothing is left of it if that fails.
   *
   * @param runtimeDirectory where the folders of all sessions are; made if need be
   * @throws VmnetxError `host-…`
   */
  static async create(runtimeDirectory: string): Promise<SessionFolder> {
    const id = randomBytes(4).toString('hex');
    const unowned = join(runtimeDirectory, `${UNOWNED}${id}`);
    const path = join(runtimeDirectory, id);
    let lock: FileLock | null = null;
    try {
      await mkdir(join(unowned, 'mount'), { recursive: true, mode: 0o700 });
      const owner = join(unowned, OWNER_FILE);
      lock = new FileLock(await open(owner, 'wx', 0o600), owner);
      lock.try('exclusive');
      await rename(unowned, path);
      return new SessionFolder(id, path, lock);
    } catch (error) {
      await lock?.close();
      await rm(unowned, { recursive: true, force: true });
      throw fileError(unowned, error);
    }
  }

  get domainName(): string {
    return domainName(this.id);
  }

  get mountPoint(): string {
    return join(this.path, 'mount');
  }

  get displaySocket(): string {
    return join(this.path, 'display');
  }

  /** Where QEMU gets the state of a machine that goes on where it was saved. */
  get stateSocket(): string {
    return join(this.path, 'state');
  }

  /**
   * Removes the folder. While it is still mounted it stays, and locked, to be cleared later.
   *
   * @throws Error EBUSY
   */
  async remove(): Promise<void> {
    await removeMountFolder(this.path);
    await this.#lock.close();
  }
}

/** What the domain of the session with this id is called. */
export function domainName(id: string): string {
  return `vmnetx-${id}`;
}
