import type { CookieRecord } from './access.js';
import type { Endpoint } from './endpoint.js';

/** Bounds that no site needs to reach (RFC 6265, section 6.1, asks for at least so many of a host). */
const MAX_COOKIES = 50;
const MAX_COOKIE_LENGTH = 4096;

/** Something that can be sent back as it came; a semicolon would begin another cookie. */
const NAME = /^[\x21-\x3a\x3c\x3e-\x7e]+$/;
const VALUE = /^[\x20-\x3a\x3c-\x7e]*$/;

/**
 * The cookies of one session (RFC 6265), more strictly than browsers keep them: each goes back to the
 * very host that set it, so no list of public suffixes is needed.
 */
export class CookieJar {
  /** The oldest first. */
  #cookies: readonly CookieRecord[];

  constructor(cookies: readonly CookieRecord[]) {
    this.#cookies = cookies.slice(-MAX_COOKIES);
  }

  get records(): readonly CookieRecord[] {
    return this.#cookies;
  }

  /** The value of Cookie for a request, or null without any. */
  header(endpoint: Endpoint): string | null {
    if (this.#cookies.length === 0) return null;
    const now = Date.now();
    const fitting = this.#cookies
      .filter(({ host, path, secure, expires }) => {
        const alive = expires === null || expires > now;
        const reachable = endpoint.secure || !secure;
        return alive && reachable && host === endpoint.hostname && covers(path, endpoint.pathname);
      })
      .toSorted((one, other) => other.path.length - one.path.length)
      .map(({ name, value }) => `${name}=${value}`);
    return fitting.length === 0 ? null : fitting.join('; ');
  }

  /** Keeps what an answer's Set-Cookie headers say. */
  take(endpoint: Endpoint, headers: readonly string[]): void {
    for (const header of headers) {
      const cookie = parse(endpoint, header);
      if (cookie !== null) this.#store(endpoint, cookie);
    }
  }

  #store(endpoint: Endpoint, cookie: CookieRecord): void {
    const same = (other: CookieRecord): boolean =>
      other.name === cookie.name && other.host === cookie.host && other.path === cookie.path;
    // Who can change answers of http must not be able to replace what https has set.
    if (!endpoint.secure && this.#cookies.some((other) => other.secure && same(other))) return;
    const others = this.#cookies.filter((other) => !same(other));
    const expired = cookie.expires !== null && cookie.expires <= Date.now();
    this.#cookies = expired ? others : [...others, cookie].slice(-MAX_COOKIES);
  }
}

/** Null for a cookie that is not kept. */
function parse(endpoint: Endpoint, header: string): CookieRecord | null {
  if (header.length > MAX_COOKIE_LENGTH) return null;
  const [pair = '', ...rest] = header.split(';');
  const [, name = '', value = ''] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
  if (!NAME.test(name) || !VALUE.test(value)) return null;

  const attributes = new Map(rest.map(attribute));
  const domain = attributes.get('domain')?.replace(/^\./, '').toLowerCase() ?? '';
  const ownDomain =
    domain === '' || domain === endpoint.hostname || endpoint.hostname.endsWith(`.${domain}`);
  const secure = attributes.has('secure');
  const given = attributes.get('path') ?? '';
  const path = given.startsWith('/') ? given : folderOf(endpoint.pathname);
  const hostPrefixed = name.toLowerCase().startsWith('__host-');
  const allowed =
    ownDomain &&
    (!secure || endpoint.secure) &&
    (!name.toLowerCase().startsWith('__secure-') || secure) &&
    (!hostPrefixed || (secure && given === '/' && !attributes.has('domain')));
  return allowed
    ? { host: endpoint.hostname, path, name, value, secure, expires: expiryOf(attributes) }
    : null;
}

function attribute(text: string): readonly [string, string] {
  const [name = '', ...value] = text.split('=');
  return [name.trim().toLowerCase(), value.join('=').trim()];
}

/** Max-Age, which counts from now, comes before Expires. */
function expiryOf(attributes: ReadonlyMap<string, string>): number | null {
  const seconds = attributes.get('max-age') ?? '';
  if (/^-?\d+$/.test(seconds)) return Date.now() + Number(seconds) * 1000;
  const date = Date.parse(attributes.get('expires') ?? '');
  return Number.isNaN(date) ? null : date;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

function covers(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
