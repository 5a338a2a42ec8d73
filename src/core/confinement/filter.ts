import { requireLauncher } from './launcher.js';

/** What is to be run in place of a program. */
export interface ConfinedFilter {
  /** Absolute path. */
  readonly path: string;
  readonly words: readonly string[];
  /** All of its environment: nothing else of ours is told to it, or has it work in another way. */
  readonly variables: Readonly<Record<string, string>>;
}

/** What the launcher ends with where the program was not run. No program of ours ends so. */
export const NOT_RUN = { unconfined: 126, missing: 127 } as const;

/**
 * A program behind the launcher that confines it to its standard input and output, for what a
 * stranger's bytes may make of it: no other file but the system's libraries, no network, no other
 * process, and only so much memory. It is looked for in PATH.
 *
 * @param maxBytes memory that it may write to, in bytes
 * @throws VmnetxError `host-not-built`
 */
export async function confinedFilter(
  command: readonly [program: string, ...options: string[]],
  maxBytes: number,
): Promise<ConfinedFilter> {
  return {
    path: await requireLauncher(),
    words: ['--filter', String(maxBytes), ...command],
    variables: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
  };
}
