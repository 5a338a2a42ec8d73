import { isPlainError, type PlainError } from '../errors/index.js';
import type { Access, LoginRequest, Validators } from '../fetch/index.js';
import type { LogPlace } from '../log/index.js';
import type { Credentials } from '../reference/index.js';
import type { StoreOptions } from '../store/index.js';
import type { PlainNetworkState } from './network-state.js';
import type { StatisticsReport } from './statistics-report.js';

/** An image of the package that is to appear as a file on the mount. */
export interface ImageRequest {
  /** The file's name on the mount: `disk` or `memory`. */
  readonly name: 'disk' | 'memory';
  /** Its name in the package. */
  readonly member: string;
  /** Where the image's bytes begin in the package, in bytes. */
  readonly offset: number;
  readonly sizeBytes: number;
  readonly crc32: number;
}

/** Everything that vmnetfs needs to know to page a package. */
export interface MountRequest {
  readonly package: { readonly path: string } | { readonly href: string };
  /** The log-in and the cookies by which the package was opened. */
  readonly access: Access | null;
  /** What the package was when it was checked; another package is refused. */
  readonly expected: {
    readonly sizeBytes: number;
    readonly validators: Validators;
    /** The machine's name, for lists of what is kept. */
    readonly name: string;
    /** SHA-256 of the central directory, in hexadecimal. */
    readonly directoryDigest: string;
  };
  /** An empty folder. */
  readonly directory: string;
  /** Where chunks that were fetched are kept. */
  readonly store: StoreOptions;
  /** Where what the guest writes is kept while the mount lasts. */
  readonly overlayDirectory: string;
  /** A folder to remove after the mount is gone, or null. */
  readonly removeAfter: string | null;
  readonly images: readonly ImageRequest[];
  /** At which rate what nobody reads is fetched when there is nothing else to do; 0: not at all. */
  readonly idleBytesPerSecond: number;
  /** Where the session writes down what happens, or null. */
  readonly log: LogPlace | null;
}

/** A chunk of an image by its number. */
export interface ChunkName {
  readonly image: 'disk' | 'memory';
  readonly chunk: number;
}

/** When a chunk was first read or written, in milliseconds since the mount. */
export interface Touch extends ChunkName {
  readonly milliseconds: number;
}

/**
 * What the owner of a vmnetfs asks of it; each is answered once.
 *
 * - `mount`: answered when reads work.
 * - `limit-wait`: from now on, a disk's read that waits too long gets an error, and the fetch goes on.
 * - `fail-waiting`: from now on, reads of what is not there get an error at once.
 * - `settle`: answered when nothing that the guest waits for is under way any more.
 * - `statistics`: from now on, a report comes each time so many milliseconds have passed; null: none.
 * - `touches`: answered with the first touches since the last time.
 * - `prefetch`: fetches chunks when there is nothing more urgent.
 * - `login`: the answer to the event of this number; null: nobody logs in.
 * - `unmount`: answered when the mount is gone; the process then ends.
 */
export type Question =
  | { readonly ask: 'mount'; readonly mount: MountRequest }
  | { readonly ask: 'statistics'; readonly intervalMilliseconds: number | null }
  | { readonly ask: 'prefetch'; readonly chunks: readonly ChunkName[] }
  | { readonly ask: 'login'; readonly login: number; readonly credentials: Credentials | null }
  | { readonly ask: 'limit-wait' | 'fail-waiting' | 'settle' | 'touches' | 'unmount' };

export type Request = Question & { readonly id: number };

export interface Answer {
  readonly id: number;
  readonly error: PlainError | null;
  /** Only of `touches`. */
  readonly touches?: readonly Touch[];
}

/** What vmnetfs tells without being asked. */
export type Event =
  /** Bytes that the guest wants cannot be had, ever. */
  | { readonly event: 'fetch-failed'; readonly error: PlainError }
  | { readonly event: 'network'; readonly state: PlainNetworkState }
  /** Whether what is fetched is kept; if not, why. */
  | { readonly event: 'caching'; readonly error: PlainError | null }
  /** The server asks who is there; to be answered by the question `login`. */
  | { readonly event: 'login'; readonly login: number; readonly request: LoginRequest }
  | { readonly event: 'statistics'; readonly report: StatisticsReport }
  /** The mount was taken away from outside. */
  | { readonly event: 'unmounted' }
  /** The process was told to end; until its files are closed, or 20 s, it goes on. */
  | { readonly event: 'ending' };

export type Message = Answer | Event;

// The two ends are of one build: a message's kind is checked and that it has what its kind needs; what
// is inside of that is taken as declared.

/** The questions, and what each has besides its name. */
const QUESTIONS: Readonly<Record<Question['ask'], string | null>> = {
  mount: 'mount',
  statistics: 'intervalMilliseconds',
  prefetch: 'chunks',
  login: 'credentials',
  'limit-wait': null,
  'fail-waiting': null,
  settle: null,
  touches: null,
  unmount: null,
};

const EVENTS: Readonly<Record<Event['event'], string | null>> = {
  'fetch-failed': 'error',
  network: 'state',
  caching: 'error',
  login: 'request',
  statistics: 'report',
  unmounted: null,
  ending: null,
};

export function isRequest(value: unknown): value is Request {
  return isObject(value) && typeof value['id'] === 'number' && isOneOf(QUESTIONS, 'ask', value);
}

export function isMessage(value: unknown): value is Message {
  if (!isObject(value)) return false;
  if ('id' in value) return typeof value['id'] === 'number' && isErrorOrNull(value['error']);
  if (!isOneOf(EVENTS, 'event', value)) return false;
  if (value['event'] === 'fetch-failed') return isPlainError(value['error']);
  return value['event'] !== 'caching' || isErrorOrNull(value['error']);
}

function isOneOf(
  kinds: Readonly<Record<string, string | null>>,
  key: string,
  value: Readonly<Record<string, unknown>>,
): boolean {
  const kind = value[key];
  if (typeof kind !== 'string' || !Object.hasOwn(kinds, kind)) return false;
  const needed = kinds[kind] ?? null;
  return needed === null || (needed in value && (needed !== 'mount' || isObject(value['mount'])));
}

function isErrorOrNull(value: unknown): boolean {
  return value === null || isPlainError(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
