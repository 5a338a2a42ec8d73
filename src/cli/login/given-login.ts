import type { LoginOptions } from './login-options.js';
import { readPasswordFile } from './password-file.js';

/** The name and the password that the command was given, each null where it was not. */
export interface GivenLogin {
  readonly user: string | null;
  readonly password: string | null;
}

/** @throws VmnetxError `host-…`, `usage-password-file` */
export async function readGivenLogin({ user, passwordFile }: LoginOptions): Promise<GivenLogin> {
  return { user, password: passwordFile === null ? null : await readPasswordFile(passwordFile) };
}
