import { LEVELS, type Level } from './level.js';

/** The level of an entry by its line (`TIME PART LEVEL TEXT …`); null for a line that is none. */
export function levelOf(line: string): Level | null {
  const [, , word] = line.split(' ', 3);
  return LEVELS.find((level) => level === word) ?? null;
}
