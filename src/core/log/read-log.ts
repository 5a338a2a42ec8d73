import type { FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail } from '../errors/index.js';
import type { Environment } from '../places/index.js';
import { Folder } from '../store/index.js';
import { PIECE_BYTES, POLL_MILLISECONDS } from './limits.js';
import { logDirectory, logNames, unusable } from './log-folder.js';

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
