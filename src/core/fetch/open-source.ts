import type { Location } from '../reference/index.js';
import { openFile } from './file-source.js';
import { DEFAULT_TIMEOUTS, type HttpTimeouts } from './http-client.js';
import { openHttp } from './http-source.js';
import type { OpenedSource } from './opened-source.js';

export interface OpenOptions {
  readonly signal: AbortSignal;
  /**
   * A server that knows no ranges may send a file as a whole if it has at most so many bytes:
   * references come from anywhere. 0, the default, for a package.
   */
  readonly wholeUpTo?: number;
  readonly timeouts?: HttpTimeouts;
}

/**
 * Opens a file, here or on a web server, for reading by range, and pins its version. Retrying,
 * coalescing and caching are sources of their own, stacked on what this returns.
 *
 * @returns a source that the caller closes
 * @throws VmnetxError `reference-missing`, `host-…`, `network-…`, `server-…`
 */
export function openSource(location: Location, options: OpenOptions): Promise<OpenedSource> {
  const { signal, wholeUpTo = 0, timeouts = DEFAULT_TIMEOUTS } = options;
  return location.kind === 'file'
    ? openFile(location.path, signal)
    : openHttp(location.url, { signal, wholeUpTo, timeouts });
}
