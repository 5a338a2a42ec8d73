import { setTimeout as sleep } from 'node:timers/promises';
import { VmnetxError, type ErrorCode } from '../errors/index.js';
import type { FetchCounters } from './fetch-counters.js';

const RETRIES = 2;
/** How long somebody who opens a machine may be kept from the error, in milliseconds. */
const BUDGET = 3000;
/** What a wrong address looks like: the user should read it at once. */
const AT_ONCE: readonly ErrorCode[] = ['network-host-not-found', 'network-refused'];

export interface RetryOptions {
  /** The first pause in milliseconds; the next one is three times as long. */
  readonly pause: number;
  readonly counters: FetchCounters;
  /** Told of each failure after which it is tried again. */
  readonly onRetry: ((error: VmnetxError) => void) | null;
  readonly signal: AbortSignal;
}

/**
 * Tries twice more, within 3 s, what may go through at another time: one answer of a busy server
 * must not keep a machine from opening.
 *
 * @throws what the last try threw
 */
export async function withRetries<Value>(
  attempt: () => Promise<Value>,
  { pause, counters, onRetry, signal }: RetryOptions,
): Promise<Value> {
  const end = performance.now() + BUDGET;
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof VmnetxError) || !error.retryable) throw error;
      const wait = Math.max(pause * 3 ** tries, error.retryAfter ?? 0);
      const late = tries === RETRIES || performance.now() + wait > end;
      if (late || AT_ONCE.includes(error.code)) throw error;
      await sleep(wait, undefined, { signal });
      counters.retries++;
      onRetry?.(error);
    }
  }
}
