import { constants } from 'node:fs';
import { lstat, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection, Domain } from '../libvirt/index.js';
import { runtimeDirectory, stateDirectory, type Environment } from '../places/index.js';
import { FileLock, SCRATCH_PREFIX } from '../store/index.js';
import { removeMount } from '../vmnetfs/index.js';
import { destroyDomain } from './destroy-domain.js';
import { mountsBelow } from './mounts-below.js';
import { domainName, OWNER_FILE, UNOWNED } from './session-folder.js';

/** Sessions take a moment to lock what they make: what has no owner for so long never gets one. */
const UNOWNED_MILLISECONDS = 60_000;
const SESSION_ID = /^[0-9a-f]{8}$/;
const SESSION_DOMAIN = /^vmnetx-([0-9a-f]{8})$/;

/**
 * Clears what sessions of this user left when their process was killed: domains, mounts, sockets,
 * folders, files. What belongs to a live session is locked by it, and is not touched; nor is what
 * sessions do not make. Several may clear at a time.
 *
 * @param connect asked only if there is something to look for in libvirt
 * @returns what was cleared, a few words each
 */
export async function clearRemains(
  environment: Environment,
  connect: () => Promise<Connection>,
): Promise<readonly string[]> {
  const cleared: string[] = [];
  const runtime = runtimeDirectory(environment);
  if (runtime !== null) {
    for (const name of await entriesOf(runtime)) {
      const path = join(runtime, name);
      if (SESSION_ID.test(name) && (await clearSession(name, path, connect))) cleared.push(path);
      if (name.startsWith(UNOWNED) && (await isOld(path))) {
        await rm(path, { recursive: true, force: true });
        cleared.push(path);
      }
    }
    cleared.push(...(await clearDomains(runtime, await connect())));
  }
  const overlays = join(stateDirectory(environment), 'sessions');
  for (const name of await entriesOf(overlays)) {
    const path = join(overlays, name);
    if (!name.startsWith(SCRATCH_PREFIX) || !(await isOld(path))) continue;
    await rm(path, { force: true });
    cleared.push(path);
  }
  return cleared;
}

/** Clears the session's folder, and what belongs to it, if its owner is dead. */
async function clearSession(
  id: string,
  path: string,
  connect: () => Promise<Connection>,
): Promise<boolean> {
  const lock = await lockOfDead(path);
  if (lock === null) return false;
  try {
    await destroyDomain(await connect(), domainName(id));
    for (const mount of await mountsBelow(path)) await removeMount(mount);
    await rm(path, { recursive: true, force: true });
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

/** Stops the domains of sessions whose folder is gone: it goes after the domain, always. */
async function clearDomains(runtime: string, connection: Connection): Promise<readonly string[]> {
  const cleared: string[] = [];
  for (const domain of await connection.listDomains({ prefix: domainName('') })) {
    const [, id = ''] = SESSION_DOMAIN.exec(domain.name) ?? [];
    const folder = join(runtime, id);
    if (id === '' || (await exists(folder)) || !(await isOurs(domain, folder))) continue;
    await destroyDomain(connection, domain.name);
    cleared.push(domain.name);
  }
  return cleared;
}

/** Anybody may call a domain as we do; ours have their disk in the session's folder. */
async function isOurs(domain: Domain, folder: string): Promise<boolean> {
  const xml = await domain.xml().catch(() => '');
  return xml.includes(`<source file='${folder}/mount/disk'`);
}

async function entriesOf(directory: string): Promise<readonly string[]> {
  return readdir(directory).catch(() => []);
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/**
 * By the wall clock, which files have. It may jump: at worst something is cleared later, or what a
 * session makes at that very moment, and that one does not start.
 */
async function isOld(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > UNOWNED_MILLISECONDS;
}
