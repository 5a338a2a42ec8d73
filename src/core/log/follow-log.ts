import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PIECE_BYTES, POLL_MILLISECONDS } from './limits.js';
import type { LogPlace } from './log.js';

const LINE_END = 10;

/**
 * The last lines of a log, and then what is written to it, until the signal. Each text is of whole
 * lines. Where there is no log, or none that can be read, there is nothing: it never fails.
 *
 * @param place null: nothing is written
 * @param maxBytes of the last lines
 */
export async function* followLog(
  place: LogPlace | null,
  maxBytes: number,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  if (place === null) return;
  try {
    const path = join(place.directory, place.name);
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      yield* linesFrom(file, Math.max(0, (await file.stat()).size - maxBytes), signal);
    } finally {
      await file.close();
    }
  } catch {
    // Whoever looks at a log sees that nothing more comes.
  }
}

async function* linesFrom(
  file: FileHandle,
  begin: number,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  let position = begin;
  let unfinished = Buffer.alloc(0);
  let isWithinLine = begin > 0;
  for (;;) {
    signal.throwIfAborted();
    const piece = await file.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES, position);
    position += piece.bytesRead;
    unfinished = Buffer.concat([unfinished, piece.buffer.subarray(0, piece.bytesRead)]);
    if (isWithinLine && unfinished.includes(LINE_END)) {
      unfinished = unfinished.subarray(unfinished.indexOf(LINE_END) + 1);
      isWithinLine = false;
    }
    const end = isWithinLine ? 0 : unfinished.lastIndexOf(LINE_END) + 1;
    if (end > 0) yield unfinished.toString('utf8', 0, end);
    unfinished = unfinished.subarray(end);
    if (piece.bytesRead === 0) await sleep(POLL_MILLISECONDS, undefined, { signal });
  }
}
