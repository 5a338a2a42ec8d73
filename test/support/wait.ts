import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again and again until the answer is not undefined.
 *
 * @param limit in milliseconds
 */
export async function eventually<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined> | Answer | undefined,
  limit = 8000,
): Promise<Answer> {
  const end = performance.now() + limit;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`${what}: not within ${limit} ms`);
    await sleep(20);
  }
}

/**
 * Waits until something holds; bounded, so that a test fails with a reason.
 *
 * @param limit in milliseconds
 */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  limit = 15_000,
): Promise<void> {
  await eventually(what, async () => ((await holds()) ? true : undefined), limit);
}
