import { constants, type BigIntStats, type Stats } from 'node:fs';
import { lstat, mkdir, open, readdir, rename, rm, unlink, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileError } from '../errors/index.js';
import { requireOurs, systemCode, unsafe } from './trust.js';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_RDWR } = constants;

/** How often something may come and go under our hands before it is an error. */
const MAX_TRIES = 100;

/**
 * An open folder of the store. What is in it is reached through the open folder (as openat(2) does),
 * never through its path again, and no symbolic link is followed: nobody can put another folder or
 * file in between once it was checked. Names are single: no slash, no `..`.
 */
export class Folder {
  /** For people. */
  readonly path: string;
  readonly #handle: FileHandle;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /**
   * Opens a folder by its absolute path. Links above it are the user's own business and followed.
   *
   * @returns null if there is none
   * @throws VmnetxError `store-foreign`, `store-unsafe`, `host-…`
   */
  static async open(path: string): Promise<Folder | null> {
    return Folder.#open(path, path);
  }

  /** The same, for its owner alone, and made if need be with the folders above it. */
  static async make(path: string): Promise<Folder> {
    const found = await Folder.open(path);
    if (found !== null) return found;
    try {
      await makeFolders(path);
    } catch (error) {
      throw fileError(path, error);
    }
    const made = await Folder.open(path);
    if (made === null) throw unsafe(path, 'it is removed by somebody');
    return made;
  }

  static async #open(path: string, reached: string): Promise<Folder | null> {
    try {
      requireOurs(path, 'folder', await lstat(reached));
      const handle = await open(reached, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
      try {
        requireOurs(path, 'folder', await handle.stat());
        return new Folder(path, handle);
      } catch (error) {
        await handle.close();
        throw error;
      }
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return null;
      throw fileError(path, error);
    }
  }

  /** @returns null if there is none */
  folder(name: string): Promise<Folder | null> {
    return Folder.#open(join(this.path, name), this.#reach(name));
  }

  async makeFolder(name: string): Promise<Folder> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const found = await this.folder(name);
      if (found !== null) return found;
      try {
        await mkdir(this.#reach(name), { mode: 0o700 });
      } catch (error) {
        if (systemCode(error) !== 'EEXIST') throw fileError(join(this.path, name), error);
      }
    }
    throw unsafe(join(this.path, name), 'it is removed by somebody');
  }

  /**
   * Opens a file for reading and writing.
   *
   * @param more further flags of open(2), such as O_APPEND
   * @returns null if there is none
   * @throws VmnetxError `store-foreign`, `store-unsafe`, `host-…`
   */
  file(name: string, more = 0): Promise<FileHandle | null> {
    return this.#file(name, O_RDWR | more);
  }

  /** The same, for reading only: whoever is given its descriptor cannot change it. */
  fileToRead(name: string): Promise<FileHandle | null> {
    return this.#file(name, O_RDONLY);
  }

  async #file(name: string, flags: number): Promise<FileHandle | null> {
    const path = join(this.path, name);
    try {
      // A look first: opening a FIFO or a device may do something. Then at what was opened.
      requireOurs(path, 'file', await lstat(this.#reach(name)));
      const file = await open(this.#reach(name), flags | O_NOFOLLOW | O_NONBLOCK);
      try {
        requireOurs(path, 'file', await file.stat());
        return file;
      } catch (error) {
        await file.close();
        throw error;
      }
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return null;
      throw fileError(path, error);
    }
  }

  /** Opens a file for reading and writing, made for its owner alone if need be. */
  async makeFile(name: string, more = 0): Promise<FileHandle> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const found = await this.file(name, more);
      if (found !== null) return found;
      try {
        const flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | more;
        return await open(this.#reach(name), flags, 0o600);
      } catch (error) {
        if (systemCode(error) !== 'EEXIST') throw fileError(join(this.path, name), error);
      }
    }
    throw unsafe(join(this.path, name), 'it is removed by somebody');
  }

  /** Whether there is a file of the store's own by that name: one that only marks something. */
  async hasFile(name: string): Promise<boolean> {
    const path = join(this.path, name);
    const stats = await this.stat(name);
    if (stats === null) return false;
    try {
      requireOurs(path, 'file', stats);
      return true;
    } catch {
      return false;
    }
  }

  /** The names of what is in it. */
  async names(): Promise<readonly string[]> {
    try {
      return await readdir(this.#reach('.'));
    } catch (error) {
      throw fileError(this.path, error);
    }
  }

  /** What is there under the name itself, or null. The name may be of two parts, `folder/file`. */
  async stat(name: string): Promise<Stats | null> {
    return orNull(lstat(this.#reach(name)), join(this.path, name));
  }

  async exactStat(name: string): Promise<BigIntStats | null> {
    return orNull(lstat(this.#reach(name), { bigint: true }), join(this.path, name));
  }

  /** Gives something in it another name; false if it is not there. */
  async rename(from: string, to: string): Promise<boolean> {
    const renamed = rename(this.#reach(from), this.#reach(to)).then(() => true);
    return (await orNull(renamed, join(this.path, from))) ?? false;
  }

  /** Removes what is not a folder, if it is there. */
  async unlink(name: string): Promise<void> {
    await orNull(unlink(this.#reach(name)), join(this.path, name));
  }

  /** Removes whatever has the name, with all that is in it. Links are removed, not followed. */
  async remove(name: string): Promise<void> {
    try {
      await rm(this.#reach(name), { recursive: true, force: true });
    } catch (error) {
      throw fileError(join(this.path, name), error);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  #reach(name: string): string {
    return `/proc/self/fd/${this.#handle.fd}/${name}`;
  }
}

/** Node's own way to do this never ends where a file system has no place for folders (/proc). */
async function makeFolders(path: string): Promise<void> {
  if (await makeSingle(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolders(parent);
  if (!(await makeSingle(path))) throw unsafe(path, 'there is no place for it');
}

/** Makes a folder unless there is one; false where the folder above it is missing. */
async function makeSingle(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o700 });
    return true;
  } catch (error) {
    const code = systemCode(error);
    if (code !== 'EEXIST' && code !== 'ENOENT') throw error;
    return code === 'EEXIST';
  }
}

async function orNull<Value>(work: Promise<Value>, path: string): Promise<Value | null> {
  try {
    return await work;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw fileError(path, error);
  }
}
