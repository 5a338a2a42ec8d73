import type { VmnetxError } from '../errors/index.js';
import type { Location } from '../reference/index.js';
import type { Access, LoginHandler } from './access.js';
import { SYSTEM_ADDRESSING, type Addressing } from './addressing.js';
import { FetchCounters } from './fetch-counters.js';
import { openFile } from './file-source.js';
import { openHttp } from './http-source.js';
import type { OpenedSource } from './opened-source.js';
import { DEFAULT_TIMEOUTS, type HttpTimeouts } from './timeouts.js';

export interface OpenOptions {
  readonly signal: AbortSignal;
  /**
   * A server that knows no ranges may send a file as a whole if it has at most so many bytes:
   * references come from anywhere. 0, the default, for a package.
   */
  readonly wholeUpTo?: number;
  readonly timeouts?: Partial<HttpTimeouts>;
  /**
   * What an earlier source gathered, where this one goes on, and where requests may lead; the
   * default: as for an address that the user named.
   */
  readonly access?: Access;
  /** Asked when a server wants a name and a password; without it, that is an error. */
  readonly onLogin?: LoginHandler;
  readonly counters?: FetchCounters;
  /** Told of each failure after which something is asked for again. */
  readonly onRetry?: (error: VmnetxError) => void;
  readonly addressing?: Addressing;
}

/**
 * Opens a file, here or on a web server, for reading by range, and pins its version. What can heal
 * is tried again for up to 3 s; for more, as for coalescing and caching, there are sources of their
 * own, stacked on what this returns.
 *
 * @returns a source that the caller closes
 * @throws VmnetxError `reference-missing`, `host-…`, `network-…`, `server-…`
 */
export async function openSource(location: Location, options: OpenOptions): Promise<OpenedSource> {
  const { signal, access = null } = options;
  if (location.kind === 'file') return await openFile(location.path, access, signal);
  return await openHttp(location.url, {
    signal,
    access,
    wholeUpTo: options.wholeUpTo ?? 0,
    timeouts: { ...DEFAULT_TIMEOUTS, ...options.timeouts },
    onLogin: options.onLogin ?? null,
    counters: options.counters ?? new FetchCounters(),
    onRetry: options.onRetry ?? null,
    addressing: options.addressing ?? SYSTEM_ADDRESSING,
  });
}
