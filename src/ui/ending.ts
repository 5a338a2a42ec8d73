import { fail } from '../core/errors/index.js';

/** The signals that ask the program to end. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `end` at each of these signals, until the returned function is called. Repeated ones are
 * harmless: the process ends in bounded time after the first.
 */
export function onEndingSignals(end: () => void): () => void {
  for (const signal of SIGNALS) process.on(signal, end);
  return () => {
    for (const signal of SIGNALS) process.off(signal, end);
  };
}

export function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else {
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
    }
  });
}

/**
 * Waits for something that ends, but only so long.
 *
 * @param limit in milliseconds
 * @throws VmnetxError `internal-error` when it takes longer
 */
export async function endWithin(limit: number, ending: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const detail = `The machine was not gone after ${limit} ms.`;
      reject(fail('internal-error', {}, { detail }));
    }, limit);
  });
  try {
    await Promise.race([ending, late]);
  } finally {
    clearTimeout(timer);
  }
}
