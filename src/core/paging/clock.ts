import { setTimeout } from 'node:timers/promises';

/** Time, as the pager sees it. */
export interface Clock {
  /** Monotonic, in milliseconds. */
  now(): number;
  /** Milliseconds since 1970. */
  wallClock(): number;
  /** Rejects when the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wallClock: () => Date.now(),
  sleep: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }),
};
