import type { Validators } from '../fetch/index.js';
import { isPlainError, type PlainError } from '../errors/index.js';

/** An image of the package that is to appear as a file on the mount. */
export interface ImageRequest {
  /** The file's name on the mount: `disk` or `memory`. */
  readonly name: 'disk' | 'memory';
  /** Where the image's bytes begin in the package, in bytes. */
  readonly offset: number;
  readonly sizeBytes: number;
}

/** Everything that vmnetfs needs to know to page a package. */
export interface MountRequest {
  readonly package: { readonly path: string } | { readonly href: string };
  /** What the package was when it was checked; another package is refused. */
  readonly expected: { readonly sizeBytes: number; readonly validators: Validators };
  /** An empty folder. */
  readonly directory: string;
  /** Where chunks that were fetched are kept while the mount lasts. */
  readonly cacheDirectory: string;
  /** Where what the guest writes is kept while the mount lasts. */
  readonly overlayDirectory: string;
  /** A folder to remove after the mount is gone, or null. */
  readonly removeAfter: string | null;
  readonly images: readonly ImageRequest[];
}

type AskWithoutWords = 'limit-wait' | 'fail-waiting' | 'settle' | 'unmount';

/**
 * What the owner of a vmnetfs asks of it; each request is answered once.
 *
 * - `mount`: answered when reads work.
 * - `limit-wait`: from now on, a disk's read that waits too long gets an error, and the fetch goes on.
 * - `fail-waiting`: from now on, reads of what is not there get an error at once.
 * - `settle`: answered when nothing that the guest waits for is under way any more.
 * - `unmount`: answered when the mount is gone; the process then ends.
 */
export type Request =
  | { readonly id: number; readonly ask: 'mount'; readonly mount: MountRequest }
  | { readonly id: number; readonly ask: AskWithoutWords };

/** What vmnetfs sends: answers, and events that nobody asked for. */
export type Message =
  | { readonly id: number; readonly error: PlainError | null }
  /** Bytes that the guest wants cannot be had. */
  | { readonly event: 'fetch-failed'; readonly error: PlainError }
  /** The mount was taken away from outside. */
  | { readonly event: 'unmounted' }
  /** The process was told to end; until its files are closed, or 20 s, it goes on. */
  | { readonly event: 'ending' };

/** The two ends are of one build, so the shape is checked only as far as the compiler needs it. */
export function isRequest(value: unknown): value is Request {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    typeof value.id === 'number' &&
    'ask' in value &&
    (value.ask === 'mount'
      ? 'mount' in value && typeof value.mount === 'object' && value.mount !== null
      : value.ask === 'limit-wait' ||
        value.ask === 'fail-waiting' ||
        value.ask === 'settle' ||
        value.ask === 'unmount')
  );
}

export function isMessage(value: unknown): value is Message {
  if (typeof value !== 'object' || value === null) return false;
  if ('id' in value) {
    return (
      typeof value.id === 'number' &&
      'error' in value &&
      (value.error === null || isPlainError(value.error))
    );
  }
  if (!('event' in value)) return false;
  return (
    value.event === 'unmounted' ||
    value.event === 'ending' ||
    (value.event === 'fetch-failed' && 'error' in value && isPlainError(value.error))
  );
}
