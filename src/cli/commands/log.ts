import { readNewestLog } from '../../core/log/index.js';
import type { Plan } from '../plan.js';
import { untilInterrupted } from '../signals.js';

/**
 * `vmnetx log`: prints the newest session's log, with `--follow` until it is interrupted or nobody
 * reads any more.
 */
export function log({ follow }: Extract<Plan, { command: 'log' }>): Promise<number> {
  return untilInterrupted(async (signal) => {
    const unread = new AbortController();
    process.stdout.once('error', () => {
      unread.abort();
    });
    const until = AbortSignal.any([signal, unread.signal]);
    try {
      for await (const piece of readNewestLog(process.env, follow, until)) await print(piece);
    } catch (error) {
      if (!unread.signal.aborted) throw error;
    }
  });
}

/** What cannot be printed is told by an event, too. */
function print(piece: Buffer): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(piece, () => {
      resolve();
    });
  });
}
