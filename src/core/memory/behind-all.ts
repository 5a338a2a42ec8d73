import type { ConfinedFilter } from '../confinement/index.js';

/** The guest comes first. Where there is no ionice, the kernel derives it from the other priority. */
const BEHIND_ALL = `if command -v ionice >/dev/null; then set -- ionice -t -c 3 "$@"; fi
exec nice -n 19 "$@"`;

/**
 * Has a program run behind everything else.
 *
 * @param before what a shell does before it becomes the program, such as setting a limit; may be empty
 */
export function behindAll({ path, words, variables }: ConfinedFilter, before = ''): ConfinedFilter {
  const script = `${before}\n${BEHIND_ALL}`;
  return { path: '/bin/sh', words: ['-ec', script, 'sh', path, ...words], variables };
}
