import { constants } from 'node:fs';
import { lstat, open, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf } from '../errors/index.js';
import type { Connection, Domain } from '../libvirt/index.js';
import {
  cacheDirectory,
  runtimeDirectory,
  stateDirectory,
  TRIAL_PREFIX,
  type Environment,
} from '../places/index.js';
import { FileLock, SCRATCH_PREFIX } from '../store/index.js';
import { OWNER_FILE, removeMount, removeMountFolder } from '../vmnetfs/index.js';
import { destroyDomain } from './destroy-domain.js';
import { mountsBelow } from './mounts-below.js';
import { domainName, UNOWNED } from './session-folder.js';

/** Sessions take a moment to lock what they make: what has no owner for so long never gets one. */
const UNOWNED_MILLISECONDS = 60_000;
const SESSION_ID = /^[0-9a-f]{8}$/;
const SESSION_DOMAIN = /^vmnetx-([0-9a-f]{8})$/;

/** Something that a dead session had left. */
export interface Remnant {
  /** A path, or the name of a domain. */
  readonly what: string;
  /** Why it is still there, or null. */
  readonly problem: string | null;
}

/**
 * Clears what sessions of this user left when their process was killed: domains, mounts, sockets,
 * folders, files. What belongs to a live session is locked by it, and is not touched; nor is what
 * sessions do not make. Several may clear at a time. What cannot be cleared does not keep the rest.
 *
 * @param connect to libvirt; the connection stays the caller's
 * @param signal nothing more is cleared once it is aborted
 */
export async function clearRemains(
  environment: Environment,
  connect: () => Promise<Connection>,
  signal: AbortSignal,
): Promise<readonly Remnant[]> {
  const remnants: Remnant[] = [];
  const clear = async (what: string, how: () => Promise<boolean>): Promise<void> => {
    if (signal.aborted) return;
    try {
      if (await how()) remnants.push({ what, problem: null });
    } catch (error) {
      remnants.push({ what, problem: messageOf(error) });
    }
  };
  const runtime = runtimeDirectory(environment);
  if (runtime !== null) {
    for (const path of await entriesOf(runtime, (name) => SESSION_ID.test(name))) {
      await clear(path, () => clearSession(path, connect));
    }
    for (const path of [
      ...(await entriesOf(runtime, (name) => name.startsWith(UNOWNED))),
      ...(await entriesOf(dirname(runtime), (name) => name.startsWith(TRIAL_PREFIX))),
    ]) {
      await clear(path, () => clearOld(path));
    }
    const connection = await connect();
    for (const domain of await connection.listDomains({ prefix: domainName('') })) {
      await clear(domain.name, () => clearDomain(runtime, domain, connection));
    }
  }
  for (const folder of [
    join(stateDirectory(environment), 'sessions'),
    cacheDirectory(environment),
  ]) {
    for (const path of await entriesOf(folder, (name) => name.startsWith(SCRATCH_PREFIX))) {
      await clear(path, () => clearOld(path));
    }
  }
  return remnants;
}

/** Clears a session's folder, and what belongs to it, if its owner is dead. */
async function clearSession(path: string, connect: () => Promise<Connection>): Promise<boolean> {
  const lock = await lockOfDead(path);
  if (lock === null) return false;
  try {
    const id = path.slice(dirname(path).length + 1);
    await destroyDomain(await connect(), domainName(id));
    for (const mount of await mountsBelow(path)) await removeMount(mount);
    await removeMountFolder(path);
    return true;
  } finally {
    await lock.close();
  }
}

/**
 * The lock of a session whose process is gone, or null: it lives, another process clears it already,
 * or it is no folder of a session.
 */
async function lockOfDead(path: string): Promise<FileLock | null> {
  const owner = join(path, OWNER_FILE);
  const file = await open(owner, constants.O_RDWR | constants.O_NOFOLLOW).catch(() => null);
  if (file === null) return null;
  const lock = new FileLock(file, owner);
  if (lock.try('exclusive')) return lock;
  await lock.close();
  return null;
}

/** Stops a domain of a session whose folder is gone: that goes after the domain, always. */
async function clearDomain(
  runtime: string,
  domain: Domain,
  connection: Connection,
): Promise<boolean> {
  const [, id = ''] = SESSION_DOMAIN.exec(domain.name) ?? [];
  const folder = join(runtime, id);
  if (id === '' || (await exists(folder)) || !(await isOurs(domain, folder))) return false;
  await destroyDomain(connection, domain.name);
  return true;
}

/** Anybody may call a domain as we do; ours have their disk in the session's folder. */
async function isOurs(domain: Domain, folder: string): Promise<boolean> {
  const xml = await domain.xml().catch(() => '');
  return xml.includes(`<source file='${folder}/mount/disk'`);
}

/** Removes what somebody was making when they were killed, with its mounts. */
async function clearOld(path: string): Promise<boolean> {
  if (!(await isOld(path))) return false;
  for (const mount of await mountsBelow(path)) await removeMount(mount);
  await rm(path, { recursive: true, force: true });
  return true;
}

/**
 * Whether nobody has changed it for long, or it is a mount whose process is gone. By the wall clock,
 * which may jump: at worst something is cleared later, or what a session makes at that very moment, and
 * that one does not start.
 */
async function isOld(path: string): Promise<boolean> {
  try {
    return Date.now() - (await lstat(path)).mtimeMs > UNOWNED_MILLISECONDS;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOTCONN';
  }
}

/** The paths in a folder, if there is one, whose names are wanted. */
async function entriesOf(
  directory: string,
  isWanted: (name: string) => boolean,
): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter(isWanted).map((name) => join(directory, name));
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
