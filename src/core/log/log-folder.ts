import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { asVmnetxError, fail, type VmnetxError } from '../errors/index.js';
import { stateDirectory, type Environment } from '../places/index.js';
import { FileLock, Folder } from '../store/index.js';
import { levelFrom, type Level } from './level.js';
import { LOCK_MILLISECONDS, MAX_SESSIONS } from './limits.js';
import type { Part } from './line.js';
import { Log, type LogPlace } from './log.js';
import { LogFile } from './log-file.js';

/** When the session began, in UTC, so that the names' order is that of the sessions. */
const NAME = /^\d{8}T\d{6}\.\d{3}Z-[0-9a-f]{8}\.log$/;

/** The time in a name. */
const TIME = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2}\.\d{3})Z-.*$/;

export function logDirectory(environment: Environment): string {
  return join(stateDirectory(environment), 'log');
}

/** A log that was begun, or why there is none: a session goes on without. */
export interface BegunLog {
  readonly log: Log;
  readonly problem: VmnetxError | null;
}

/**
 * Begins the log of a session, and removes the oldest ones of sessions that are over. Whoever writes to
 * a log has a shared lock on it: that is what tells a live session.
 */
export async function beginLog(part: Part, environment: Environment): Promise<BegunLog> {
  const directory = logDirectory(environment);
  try {
    const folder = await Folder.make(directory);
    try {
      await removeOldest(folder, MAX_SESSIONS - 1);
      const name = nameAfter(await logNames(folder), new Date());
      const file = await folder.makeFile(name, constants.O_APPEND);
      return {
        log: await lockedLog(file, directory, name, levelFrom(environment), part),
        problem: null,
      };
    } finally {
      await folder.close();
    }
  } catch (error) {
    return { log: Log.none, problem: unusable(directory, error) };
  }
}

/** Goes on with the log of another process; without one, or where it cannot be had, nothing is written. */
export async function attachLog(place: LogPlace | null, part: Part): Promise<Log> {
  if (place === null) return Log.none;
  const { directory, name, level } = place;
  try {
    const folder = await Folder.open(directory);
    try {
      const file = (await folder?.file(name, constants.O_APPEND)) ?? null;
      return file === null ? Log.none : await lockedLog(file, directory, name, level, part);
    } finally {
      await folder?.close();
    }
  } catch {
    return Log.none;
  }
}

/** The names of all logs, the oldest first. */
export async function logNames(folder: Folder): Promise<readonly string[]> {
  return (await folder.names()).filter((name) => NAME.test(name)).sort();
}

/** The folder is not as it should be; what is wrong with it becomes the detail. */
export function unusable(directory: string, error: unknown): VmnetxError {
  const { message, code } = asVmnetxError(error);
  const context = { cause: error, detail: `${message} (${code})` };
  return fail('host-log-unusable', { path: directory }, context);
}

async function lockedLog(
  file: FileHandle,
  directory: string,
  name: string,
  level: Level,
  part: Part,
): Promise<Log> {
  try {
    // Whoever removes old logs has the lock for a moment.
    await new FileLock(file, join(directory, name)).wait('shared', LOCK_MILLISECONDS);
    return new Log({ file: new LogFile(file), place: { directory, name, level } }, part);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function removeOldest(folder: Folder, kept: number): Promise<void> {
  const names = await logNames(folder);
  for (const name of names.slice(0, Math.max(0, names.length - kept))) {
    // What cannot be removed, somebody else has put there: it keeps nobody from writing.
    if (!(await isInUse(folder, name))) await folder.unlink(name).catch(() => undefined);
  }
}

async function isInUse(folder: Folder, name: string): Promise<boolean> {
  // What is no log of ours by that name was not made by a session.
  const file = await folder.file(name).catch(() => null);
  if (file === null) return false;
  const lock = new FileLock(file, join(folder.path, name));
  try {
    return !lock.try('exclusive');
  } finally {
    await lock.close();
  }
}

/** A name that comes after all others, also where the clock was put back. */
function nameAfter(names: readonly string[], now: Date): string {
  const newest = Date.parse((names.at(-1) ?? '').replace(TIME, '$1-$2-$3T$4:$5:$6Z'));
  const date = Number.isNaN(newest) ? now : new Date(Math.max(now.getTime(), newest + 1));
  const time = date.toISOString().replaceAll(/[-:]/g, '');
  return `${time}-${randomBytes(4).toString('hex')}.log`;
}
