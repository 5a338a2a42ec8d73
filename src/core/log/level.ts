import type { Environment } from '../places/index.js';

/** What is written, from the gravest on: each level comes with all before it. */
export const LEVELS = ['error', 'warning', 'info', 'debug'] as const;

export type Level = (typeof LEVELS)[number];

/** What `VMNETX_LOG_LEVEL` says; `info` where it says nothing that is a level. */
export function levelFrom(environment: Environment): Level {
  const value = environment['VMNETX_LOG_LEVEL'];
  return LEVELS.find((level) => level === value) ?? 'info';
}

/** Whether entries of a level are written where `least` is the least grave one that is. */
export function isWritten(level: Level, least: Level): boolean {
  return LEVELS.indexOf(level) <= LEVELS.indexOf(least);
}
