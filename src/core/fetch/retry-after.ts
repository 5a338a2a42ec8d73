import type { Head } from './exchange.js';

/** Longer than this nobody is made to wait, in milliseconds. */
const LONGEST = 60_000;

/**
 * When the server wants to be asked again (RFC 9110, 10.2.3): milliseconds from 0 to 60,000, or null
 * where it does not say. A date counts by the server's own clock, if it tells that too.
 */
export function retryAfterOf(head: Head): number | null {
  const value = head.header('retry-after')?.trim() ?? '';
  if (/^[+-]?\d+$/.test(value)) return clamp(Number(value) * 1000);
  const date = Date.parse(value);
  if (Number.isNaN(date)) return null;
  const now = Date.parse(head.header('date') ?? '');
  return clamp(date - (Number.isNaN(now) ? Date.now() : now));
}

function clamp(milliseconds: number): number {
  return Math.min(Math.max(milliseconds, 0), LONGEST);
}
