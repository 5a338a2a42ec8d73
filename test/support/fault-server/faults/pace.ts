import { setTimeout as sleep } from 'node:timers/promises';
import type { Body, Fault } from '../answer.js';
import { firstBytes, forever } from './pieces.js';

/** Takes its time before it says anything. */
export function slowStart(milliseconds: number): Fault {
  return (answer, { signal }) => ({
    ...answer,
    async before() {
      await answer.before();
      await sleep(milliseconds, undefined, { signal });
    },
  });
}

/** Takes the request and never says anything. */
export const silence: Fault = (answer, { signal }) => ({
  ...answer,
  before: () => forever(signal),
});

/** Sends the headers and then so many bytes of the body, and then nothing more. */
export function stallAt(bytes: number): Fault {
  return (answer, { signal }) => ({ ...answer, body: stalled(answer.body, bytes, signal) });
}

/** Sends the headers and then nothing more. */
export const stallAfterHeaders: Fault = stallAt(0);

/** Sends so many bytes at a time, and waits after each. */
export function trickle(bytes: number, milliseconds: number): Fault {
  return (answer, { signal }) => ({
    ...answer,
    body: trickled(answer.body, bytes, milliseconds, signal),
  });
}

async function* stalled(body: Body, bytes: number, signal: AbortSignal): Body {
  yield* firstBytes(body, bytes);
  await forever(signal);
}

async function* trickled(
  body: Body,
  bytes: number,
  milliseconds: number,
  signal: AbortSignal,
): Body {
  // prettier-ignore
  for await (const piece of body) {
    for (let at = 0; at < piece.length; at += bytes) {
      yield piece.subarray(at, at + bytes);
      await sleep(milliseconds, undefined, { signal });
    }
  }
}
