import { fail } from '../../errors/index.js';

/**
 * Refuses a domain XML.
 *
 * @param path the element or attribute at fault: `/domain/devices/disk[2]`, `/domain/@type`
 * @param reason a fragment that follows a colon
 * @throws VmnetxError `domain-refused`, always
 */
export function refuse(path: string, reason: string): never {
  throw fail('domain-refused', { path, reason });
}

/** “a”, “b” or “c” */
export function listWords(words: readonly string[]): string {
  const quoted = words.map((word) => `“${word}”`);
  const last = quoted.pop() ?? 'nothing';
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}
