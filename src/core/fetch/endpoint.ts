import type { PackageUrl } from '../reference/index.js';

/** A URL taken apart once for all the requests that go to it. */
export interface Endpoint {
  readonly url: PackageUrl;
  /** Scheme, host and port. */
  readonly origin: string;
  /** The host without its port. */
  readonly hostname: string;
  /** Without the query. */
  readonly pathname: string;
  /** What stands in the request line: path and query. */
  readonly target: string;
  /** Whether it is https. */
  readonly secure: boolean;
  /** Whether it must not lie in a private network. */
  readonly publicOnly: boolean;
}

export function endpointOf(url: PackageUrl, publicOnly: boolean): Endpoint {
  const { origin, hostname, pathname, search, protocol } = new URL(url.href);
  const target = pathname + search;
  return { url, origin, hostname, pathname, target, secure: protocol === 'https:', publicOnly };
}
