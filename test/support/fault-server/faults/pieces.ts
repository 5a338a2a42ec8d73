import type { Body } from '../answer.js';

/** The beginning of a body, at most so many bytes. */
export async function* firstBytes(body: Body, bytes: number): Body {
  let left = bytes;
  if (left <= 0) return;
  for await (const piece of body) {
    yield piece.subarray(0, left);
    left -= piece.length;
    if (left <= 0) return;
  }
}

/** Waits until the signal is aborted, however long that takes. */
export function forever(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = (): void => {
      reject(new Error('The connection is gone'));
    };
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}
