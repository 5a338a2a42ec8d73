import { fail, VmnetxError } from '../errors/index.js';
import { parsePackageUrl, type PackageUrl } from '../reference/index.js';
import { endpointOf, type Endpoint } from './endpoint.js';

const STATUSES: readonly number[] = [301, 302, 303, 307, 308];

export function isRedirect(status: number): boolean {
  return STATUSES.includes(status);
}

/**
 * Where an answer leads. A target with a password in it is refused rather than followed without: it
 * would be a secret of the server's choosing, for a third party.
 *
 * @param location the header's value, or null
 * @param publicOnly whether it must not lead into a private network
 * @throws VmnetxError `server-redirect`
 */
export function redirectTarget(
  from: Endpoint,
  location: string | null,
  publicOnly: boolean,
): Endpoint {
  if (location === null) throw redirectError(from.url, 'it does not say where');
  // Some servers send UTF-8 as it is.
  const text = Buffer.from(location, 'latin1').toString();
  if (!URL.canParse(text, from.url.href))
    throw redirectError(from.url, 'its address is not correct');
  const { protocol, username, password, href } = new URL(text, from.url.href);
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw redirectError(from.url, `it leads to “${protocol}”`);
  }
  if (from.secure && protocol === 'http:') {
    throw redirectError(from.url, 'it leads from https to http');
  }
  if (username !== '' || password !== '') {
    throw redirectError(from.url, 'it leads to an address with a name or a password');
  }
  try {
    return endpointOf(parsePackageUrl(href), publicOnly);
  } catch (error) {
    if (!(error instanceof VmnetxError)) throw error;
    throw redirectError(from.url, 'its address is not correct');
  }
}

export function redirectError(from: PackageUrl, reason: string): VmnetxError {
  return fail('server-redirect', { host: from.host, reason });
}
