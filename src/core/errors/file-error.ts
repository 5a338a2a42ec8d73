import { fail, VmnetxError } from './vmnetx-error.js';

/**
 * What the operating system reports about a file or folder, as an error for the user. Anything else
 * (an abort, our own fault) stays as it is.
 *
 * @param path what the failed call was about
 */
export function fileError(path: string, error: unknown): Error {
  if (error instanceof VmnetxError || !(error instanceof Error)) return asError(error);
  const code = 'code' in error ? error.code : null;
  const context = { cause: error, detail: error.message };
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENAMETOOLONG':
      return fail('host-file-missing', { path }, context);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return fail('host-permission', { path }, context);
    case 'EISDIR':
    case 'ELOOP':
    case 'ENXIO':
    case 'ENODEV':
    case 'ENOTEMPTY':
      return fail('host-not-a-file', { path }, context);
    case 'ENOSPC':
    case 'EDQUOT':
      return fail('host-no-space', { path }, context);
    case 'EIO':
    case 'EFBIG':
    case 'EMFILE':
    case 'ENFILE':
      return fail('host-input-output', { path }, context);
    default:
      return error;
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown });
}
