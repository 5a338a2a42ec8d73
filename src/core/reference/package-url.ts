import { fail, type VmnetxError } from '../errors/index.js';

/** The longest URL, in characters: what web servers commonly accept as a request line. */
const MAX_URL_LENGTH = 8192;

/** What a server may ask for. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/**
 * The checked address of a package on a web server. Its query may be a signature and its user
 * part a password, so both are reachable only by name: JSON, string conversion and the console
 * show the label and nothing more.
 */
export class PackageUrl {
  /** For people and cache keys: without credentials, query and fragment. */
  readonly label: string;
  readonly #href: string;
  readonly #credentials: Credentials | null;
  readonly #host: string;

  /** @param url absolute, http or https; it is copied */
  constructor(url: URL) {
    this.#credentials =
      url.username === '' && url.password === ''
        ? null
        : { username: decode(url.username), password: decode(url.password) };
    const plain = new URL(url);
    plain.username = '';
    plain.password = '';
    plain.hash = '';
    this.#href = plain.href;
    this.#host = plain.host;
    plain.search = '';
    this.label = plain.href;
  }

  /** What is requested: with the query, without credentials and fragment. Not for display. */
  get href(): string {
    return this.#href;
  }

  /** Host and port, an internationalised name in its ASCII form. */
  get host(): string {
    return this.#host;
  }

  get credentials(): Credentials | null {
    return this.#credentials;
  }

  toString(): string {
    return this.label;
  }
}

/**
 * Checks the address of a package once; from then on only the canonical form is used.
 *
 * @throws VmnetxError `reference-url-refused`, `reference-remote-machine`
 */
export function parsePackageUrl(text: string): PackageUrl {
  const scheme = schemeOf(text);
  if (scheme === 'vmnetx') throw fail('reference-remote-machine', {});
  if (text.length > MAX_URL_LENGTH) {
    throw refuseUrl(text, `it is longer than ${MAX_URL_LENGTH} characters`);
  }
  if (scheme === null) throw refuseUrl(text, 'it does not say http or https');
  if (scheme !== 'http' && scheme !== 'https') {
    throw refuseUrl(text, `machines are not opened by “${scheme}:”`);
  }
  // A URL parser would silently remove or replace these.
  if (/[\s\p{Cc}\\]/u.test(text)) throw refuseUrl(text, 'it contains spaces or backslashes');
  if (!/^https?:\/\/[^/?#]/i.test(text) || !URL.canParse(text)) {
    throw refuseUrl(text, 'it is not a correct address');
  }
  return new PackageUrl(new URL(text));
}

/** The scheme before the colon in lower case, or null where there is none. */
export function schemeOf(text: string): string | null {
  return /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase() ?? null;
}

/** The error for an address that is not opened; shows no credentials, no query, no content. */
export function refuseUrl(text: string, reason: string): VmnetxError {
  const scheme = schemeOf(text);
  const withoutSecrets = withoutUser(text.replace(/[?#].*$/s, ''));
  const shown =
    scheme === null || text.startsWith('//', scheme.length + 1) ? withoutSecrets : `${scheme}:…`;
  return fail('reference-url-refused', { url: shown, reason });
}

/** Without what stands before the last “@”; in linear time, whatever the text is. */
function withoutUser(text: string): string {
  const slashes = text.indexOf('//');
  const start = slashes + '//'.length;
  const end = text.lastIndexOf('@');
  return slashes === -1 || end < start ? text : text.slice(0, start) + text.slice(end + 1);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
