import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail } from '../errors/index.js';
import type { Environment } from '../places/index.js';
import { Folder } from '../store/index.js';
import type { LogPlace } from './log.js';
import { logDirectory, logNames, unusable } from './log-folder.js';

const PIECE_BYTES = 64 * 1024;
/** How soon what is new is seen, in milliseconds. */
const POLL_MILLISECONDS = 200;

/**
 * The newest session's log, piece by piece.
 *
 * @param follow go on as it grows, and with the logs of newer sessions, until the signal
 * @throws VmnetxError `host-…`; the signal's reason once it is aborted
 */
export async function* readNewestLog(
  environment: Environment,
  follow: boolean,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  const directory = logDirectory(environment);
  const folder = await Folder.open(directory).catch((error: unknown) => {
    throw unusable(directory, error);
  });
  if (folder === null) throw fail('host-no-log', {});
  try {
    let name = (await logNames(folder)).at(-1) ?? null;
    if (name === null) throw fail('host-no-log', {});
    while (name !== null) name = yield* readOne(folder, name, follow, signal);
  } finally {
    await folder.close();
  }
}

/**
 * The last lines of a log, whole ones.
 *
 * @param place null: nothing is written
 * @param maxBytes of them all
 * @returns empty where there is no log, or none that can be read
 */
export async function readEndOfLog(place: LogPlace | null, maxBytes: number): Promise<string> {
  if (place === null) return '';
  try {
    const path = join(place.directory, place.name);
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const { size } = await file.stat();
      const begin = Math.max(0, size - maxBytes);
      const { bytesRead, buffer } = await file.read(Buffer.alloc(size - begin), 0, null, begin);
      const text = buffer.toString('utf8', 0, bytesRead);
      return begin === 0 ? text : text.slice(text.indexOf('\n') + 1);
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}

/** Returns the name of the next log, once there is one; null where nothing is followed. */
async function* readOne(
  folder: Folder,
  name: string,
  follow: boolean,
  signal: AbortSignal,
): AsyncGenerator<Buffer, string | null, undefined> {
  const file = await folder.file(name).catch((error: unknown) => {
    throw unusable(folder.path, error);
  });
  try {
    for (;;) {
      // Asked before the reading: what is written before a newer session begins is not passed over.
      const next = follow ? ((await logNames(folder)).find((other) => other > name) ?? null) : null;
      if (file !== null) yield* readRest(file, signal);
      if (next !== null || !follow) return next;
      await sleep(POLL_MILLISECONDS, undefined, { signal });
    }
  } finally {
    await file?.close();
  }
}

async function* readRest(
  file: FileHandle,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead, buffer } = await file.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}
