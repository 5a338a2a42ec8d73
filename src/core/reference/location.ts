import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail } from '../errors/index.js';
import { PackageUrl, parsePackageUrl, refuseUrl, schemeOf } from './package-url.js';

/** Where a reference or a package is; which of the two, its content tells. */
export type Location =
  | { readonly kind: 'file'; readonly path: string; readonly label: string }
  | { readonly kind: 'url'; readonly url: PackageUrl; readonly label: string };

/** Schemes that are never taken for the beginning of a file's name. */
const URL_SCHEMES = new Set(['http', 'https', 'vmnetx', 'vmnetx+http', 'vmnetx+https']);

/**
 * Understands what a user, a desktop or a browser names: a path, a `file:` URL, an `http(s)` URL
 * or its synonym `vmnetx+http(s)`.
 *
 * What looks like a URL of another scheme is refused, except that `name:rest` without `//` is a
 * path if there is such a file; `./name:rest` is always a path.
 *
 * @param currentDirectory absolute; relative paths begin there
 * @throws VmnetxError `reference-url-refused`, `reference-remote-machine`, `reference-missing`
 */
export function parseLocation(text: string, currentDirectory: string): Location {
  const scheme = schemeOf(text);
  if (scheme === null) return fileLocation(text, currentDirectory);
  if (scheme === 'file') return fileLocation(pathOf(text), currentDirectory);
  if (URL_SCHEMES.has(scheme)) {
    const url = parsePackageUrl(text.replace(/^vmnetx\+/i, ''));
    return { kind: 'url', url, label: url.label };
  }
  const namesFile =
    !text.startsWith('//', scheme.length + 1) && existsSync(resolve(currentDirectory, text));
  if (namesFile) return fileLocation(text, currentDirectory);
  throw refuseUrl(text, `machines are not opened by “${scheme}:”`);
}

function fileLocation(path: string, currentDirectory: string): Location {
  if (path === '' || path.includes('\0')) throw fail('reference-missing', { path: `“${path}”` });
  const absolute = resolve(currentDirectory, path);
  return { kind: 'file', path: absolute, label: absolute };
}

function pathOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^file:\//i.test(text)) {
    throw refuseUrl(text, 'it is not a correct address of a file');
  }
  if (url.host !== '') throw refuseUrl(text, 'the file is on another computer');
  if (url.search !== '' || url.hash !== '') {
    throw refuseUrl(text, 'the address of a file ends with its name');
  }
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw fail(
      'reference-url-refused',
      { url: 'file:…', reason: 'it is not a correct address of a file' },
      { cause: error },
    );
  }
}
