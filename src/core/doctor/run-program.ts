import { execFile } from 'node:child_process';
import type { Environment } from '../places/index.js';

/** How a program ended. */
export type Ending =
  | { readonly kind: 'done'; readonly status: number; readonly output: string }
  | { readonly kind: 'not-found' | 'not-run' }
  | { readonly kind: 'crashed'; readonly signal: string };

/** Lists of QEMU's have 30 KB. */
const MAX_OUTPUT_BYTES = 1024 * 1024;

/**
 * Runs a program to its end and collects what it prints; what it says of errors is dropped.
 *
 * @throws the signal's reason; the program is killed then
 */
export function runProgram(
  program: string,
  words: readonly string[],
  environment: Environment,
  signal: AbortSignal,
): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const options = {
      env: { ...environment },
      killSignal: 'SIGKILL',
      maxBuffer: MAX_OUTPUT_BYTES,
      signal,
    } as const;
    const child = execFile(program, words, options, (error, output) => {
      if (signal.aborted) {
        reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
      } else if (child.signalCode !== null) {
        resolve({ kind: 'crashed', signal: child.signalCode });
      } else if (child.exitCode !== null && child.exitCode >= 0) {
        resolve({ kind: 'done', status: child.exitCode, output });
      } else {
        resolve({ kind: error?.code === 'ENOENT' ? 'not-found' : 'not-run' });
      }
    });
  });
}
