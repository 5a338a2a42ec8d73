import { constants } from 'node:os';

/** The signals that ask a program to end. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Calls `end` once, at the first of SIGINT, SIGTERM and SIGHUP; later ones are ignored. */
export function onEndingSignal(end: (signal: NodeJS.Signals) => void): void {
  let ending = false;
  for (const signal of ENDING) {
    process.on(signal, () => {
      if (ending) return;
      ending = true;
      end(signal);
    });
  }
}

/**
 * Runs a command that a signal interrupts, with nothing to be told then.
 *
 * @returns 0, or when it was interrupted 128 and the signal's number, as shells count
 * @throws what the command throws by itself
 */
export async function untilInterrupted(
  run: (signal: AbortSignal) => Promise<void>,
): Promise<number> {
  const abort = new AbortController();
  let interrupted = 0;
  onEndingSignal((signal) => {
    interrupted = 128 + constants.signals[signal];
    abort.abort();
  });
  try {
    await run(abort.signal);
    return 0;
  } catch (error) {
    if (interrupted === 0) throw error;
    return interrupted;
  }
}
