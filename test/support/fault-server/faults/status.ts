import { shortAnswer, type Fault, type Headers } from '../answer.js';

/** Answers with a status and a line of text: 404, 403, 412, 416, 500 and so on. */
export function status(code: number, headers?: Headers): Fault {
  return () => shortAnswer(code, headers);
}

/**
 * Says that it is busy.
 *
 * @param retryAfter seconds or a date, or anything at all; nothing is said if it is left out
 */
export function busy(code: 429 | 503, retryAfter?: string): Fault {
  return status(code, retryAfter === undefined ? {} : { 'retry-after': retryAfter });
}
