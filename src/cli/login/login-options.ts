import { fail } from '../../core/errors/index.js';
import type { GivenOptions } from '../options.js';

/** What the command line says about logging in to a web server. */
export interface LoginOptions {
  readonly user: string | null;
  readonly passwordFile: string | null;
}

/**
 * Reads `--user` and `--password-file`.
 *
 * @throws VmnetxError `usage-arguments`
 */
export function loginOptionsOf({ values }: GivenOptions): LoginOptions {
  const refuse = (reason: string) => fail('usage-arguments', { reason, command: 'vmnetx' });
  const { user, 'password-file': passwordFile } = values;
  // RFC 7617, section 2, has no other names.
  if (typeof user === 'string' && !/^[^:\p{Cc}]+$/u.test(user)) {
    throw refuse('--user is a name without colons');
  }
  if (user === undefined && passwordFile !== undefined) {
    throw refuse('--password-file goes with --user');
  }
  return {
    user: typeof user === 'string' ? user : null,
    passwordFile: typeof passwordFile === 'string' ? passwordFile : null,
  };
}
