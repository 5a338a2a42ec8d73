import { setTimeout as delay } from 'node:timers/promises';
import { untilAborted } from '../disposal/index.js';
import type { Check, Finding, Host } from './check.js';
import { bad, unknown } from './check.js';

/** What a check found, under its name. */
export interface Result extends Finding {
  readonly id: string;
  readonly title: string;
}

/** How long each check may take; libvirt's daemon needs some seconds when it is started. */
const CHECK_MILLISECONDS = 10_000;
/** How long one that was given up may tidy up. */
const TIDYING_MILLISECONDS = 2000;

/**
 * Makes all checks beside each other. Takes 12 s at most.
 *
 * @param milliseconds how long each may take
 * @throws the signal's reason, when all that was begun is tidied up
 */
export async function examine(
  checks: readonly Check[],
  host: Host,
  signal: AbortSignal,
  milliseconds = CHECK_MILLISECONDS,
): Promise<readonly Result[]> {
  const results = await Promise.all(
    checks.map(async (check) => {
      const { id, title } = check;
      return { id, title, ...(await examineOne(check, host, signal, milliseconds)) };
    }),
  );
  signal.throwIfAborted();
  return results;
}

async function examineOne(
  check: Check,
  host: Host,
  signal: AbortSignal,
  milliseconds: number,
): Promise<Finding> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]);
  const work = check.examine(host, limit);
  try {
    return await untilAborted(work, limit);
  } catch {
    const tidied = work.then(
      () => undefined,
      () => undefined,
    );
    const waiting = new AbortController();
    const patience = { signal: waiting.signal };
    await Promise.race([tidied, delay(TIDYING_MILLISECONDS, undefined, patience).catch(() => 0)]);
    waiting.abort();
    return limit.aborted ? notAnswered(check, milliseconds) : notFoundOut(check);
  }
}

function notAnswered({ needed }: Check, milliseconds: number): Finding {
  const found = `There was no answer within ${milliseconds / 1000} seconds.`;
  return needed
    ? bad(found, 'No machine runs without it.', 'Try again; if it stays so, restart the computer.')
    : unknown(found, 'This could not be found out.');
}

function notFoundOut({ needed }: Check): Finding {
  const found = 'Looking at it failed.';
  return needed
    ? bad(found, 'No machine runs without it.', 'Please report this.')
    : unknown(found, 'This could not be found out.');
}
