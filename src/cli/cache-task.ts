import { fail } from '../core/errors/index.js';
import { parseSize } from '../core/settings/index.js';

/** What `vmnetx cache` is to do. */
export type CacheTask =
  | { readonly action: 'list' }
  /** `bytes`: a new limit; null: the default again; undefined: only shown. */
  | { readonly action: 'limit'; readonly bytes: number | null | undefined }
  | { readonly action: 'pin' | 'unpin'; readonly location: string }
  /** null: everything that is neither in use nor pinned. */
  | { readonly action: 'clear'; readonly location: string | null };

/**
 * Reads the words after `vmnetx cache`.
 *
 * @throws VmnetxError `usage-arguments`
 */
export function cacheTaskOf([action, word, ...more]: readonly string[]): CacheTask {
  const refuse = (reason: string) => fail('usage-arguments', { reason, command: 'vmnetx' });
  if (more.length > 0) throw refuse('there are too many words');
  switch (action) {
    case 'list':
      if (word !== undefined) throw refuse('there are too many words');
      return { action };
    case 'limit':
      return { action, bytes: word === undefined ? undefined : limitOf(word) };
    case 'pin':
    case 'unpin':
      if (word === undefined) throw refuse('the location of a machine is missing');
      return { action, location: word };
    case 'clear':
      return { action, location: word ?? null };
    case undefined:
    default:
      throw refuse('“cache” is followed by list, limit, pin, unpin or clear');
  }
}

function limitOf(word: string): number | null {
  if (word === 'default') return null;
  const bytes = parseSize(word);
  if (bytes !== null) return bytes;
  throw fail('usage-arguments', {
    reason: 'the limit is a size such as 20G, or “default”',
    command: 'vmnetx',
  });
}
