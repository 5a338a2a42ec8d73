import { createRequire } from 'node:module';
import { fail } from '../errors/index.js';
import { withinProgram } from '../places/index.js';

/** The face of `native/chunkfs`, as it is. Images are numbered in the order of the options. */
export interface Addon {
  /**
   * Rejects with an Error that has {@link MountFailure}'s properties. `onEnd` gets ENODEV when the
   * mount was removed by somebody else, another errno when the connection broke.
   */
  mount(
    options: NativeOptions,
    onMiss: (image: number, chunk: number, offsetInChunk: number, forWrite: boolean) => void,
    onEnd: (errno: number) => void,
  ): Promise<NativeMount>;
}

export interface NativeOptions {
  readonly directory: string;
  readonly threads: number;
  readonly images: readonly NativeImage[];
}

export interface NativeImage {
  readonly name: string;
  readonly sizeBytes: number;
  readonly chunkBytes: number;
  readonly pristine: number;
  readonly overlay: number | null;
  readonly waitMilliseconds: number | null;
}

export interface NativeMount {
  /** Rejects with an Error that has an `errno`. */
  deliver(image: number, chunk: number, bytes: Buffer): Promise<void>;
  failChunk(image: number, chunk: number, errno: number): void;
  failAll(errno: number): void;
  markPresent(image: number, firstChunk: number, count: number): void;
  limitWait(image: number, milliseconds: number): void;
  openHandles(): number;
  statistics(): ImageStatistics[];
  unmount(): Promise<void>;
}

/** Numbers that describe one image; all but `waiting` and `chunksPresent` count from the mount on. */
export interface ImageStatistics {
  readonly image: string;
  /** Bytes that readers asked the kernel for and that its page cache did not have. */
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** How often a chunk was asked for. */
  readonly misses: number;
  readonly chunksPresent: number;
  /** Blocks of 4 KiB of the pristine image that were replaced. */
  readonly blocksModified: number;
  /** Reads and writes that wait for a chunk at this moment. */
  readonly waiting: number;
}

export interface MountFailure {
  readonly kind: 'no-fuse' | 'directory' | 'other';
  /** What fusermount3, libfuse or the system said. */
  readonly detail: string;
}

const ADDON = 'native/chunkfs/build/Release/chunkfs.node';

/**
 * Loads the addon.
 *
 * @throws VmnetxError `host-not-built` when it is not there, of another build, or without libfuse
 */
export function loadAddon(path = withinProgram(ADDON)): Addon {
  let loaded: unknown;
  try {
    loaded = createRequire(import.meta.url)(path);
  } catch (error) {
    const detail = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw fail('host-not-built', { part: ADDON }, { cause: error, detail });
  }
  if (!isAddon(loaded)) throw fail('host-not-built', { part: ADDON });
  return loaded;
}

/** The addon is built from this checkout: what its functions return is taken as declared above. */
function isAddon(value: unknown): value is Addon {
  return (
    typeof value === 'object' &&
    value !== null &&
    'mount' in value &&
    typeof value.mount === 'function'
  );
}

export function isMountFailure(value: unknown): value is MountFailure {
  return (
    value instanceof Error &&
    'kind' in value &&
    'detail' in value &&
    typeof value.kind === 'string' &&
    typeof value.detail === 'string'
  );
}

/** The errno that a failed call carries, or null. */
export function errnoOf(value: unknown): number | null {
  return value instanceof Error && 'errno' in value && typeof value.errno === 'number'
    ? value.errno
    : null;
}
