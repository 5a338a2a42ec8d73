import { loadNative } from '../places/index.js';

/** The face of `native/chunkfs`, as it is. Images are numbered in the order of the options. */
export interface Addon {
  /** Rejects with an Error that has {@link MountFailure}'s properties. */
  mount(options: NativeOptions, events: NativeEvents): Promise<NativeMount>;
}

export interface NativeEvents {
  onMiss(
    image: number,
    chunk: number,
    offsetInChunk: number,
    lengthInChunk: number,
    forWrite: 0 | 1,
  ): void;
  onMark(image: number, chunk: number): void;
  onStoreFailed(image: number, chunk: number, errno: number): void;
  /** ENODEV: the mount was removed by somebody else; another errno: the connection broke. */
  onEnd(errno: number): void;
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
  readonly record?: NativeRecord | null;
}

export interface NativeRecord {
  readonly durable: number;
  readonly live: number | null;
  readonly identity: Buffer;
}

export interface NativeMount {
  deliver(image: number, offset: number, bytes: Uint8Array): Promise<void> | null;
  failChunk(image: number, chunk: number, errno: number): void;
  failAll(errno: number): void;
  wake(image: number, firstChunk: number, count: number): void;
  isPresent(image: number, chunk: number): boolean;
  release(image: number, firstChunk: number, count: number): void;
  mark(image: number, chunk: number): void;
  setCaching(on: boolean): void;
  /** Pairs: a chunk, and microseconds since the mount. */
  takeTouches(image: number): Float64Array;
  takeChanges(image: number, anew: boolean): Uint32Array;
  limitWait(image: number, milliseconds: number): void;
  claim(image: number, firstChunk: number, count: number, steal: boolean): number;
  /** These reject with an Error that has an `errno`. */
  compare(image: number): Promise<void>;
  forgetAll(image: number): Promise<void>;
  storingBytes(): number;
  /** Rejects with an Error that has an `errno`. */
  sync(): Promise<void>;
  openHandles(): number;
  statistics(): ImageStatistics[];
  unmount(): Promise<void>;
}

/**
 * Numbers that describe one image; all but `waiting`, `chunkCount` and `chunksPresent` count from the
 * mount on.
 */
export interface ImageStatistics {
  readonly image: string;
  /** Bytes that readers asked the kernel for and that its page cache did not have. */
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** How often a chunk was asked for. */
  readonly misses: number;
  readonly chunkCount: number;
  /** Chunks in the store: not those that are in memory only. */
  readonly chunksPresent: number;
  /** Chunks of which a reader needed pristine bytes. */
  readonly chunksTouched: number;
  /** Blocks of 4 KiB of the pristine image that were replaced. */
  readonly blocksModified: number;
  /** Reads and writes that wait for a chunk at this moment. */
  readonly waiting: number;
  /** Chunks of the record that turned out to be damaged, and count as missing since. */
  readonly damaged: number;
  /** How often the record could not be made durable. */
  readonly syncFailures: number;
}

export interface MountFailure {
  readonly kind: 'no-fuse' | 'directory' | 'record-newer' | 'record-unusable' | 'other';
  /** What fusermount3, libfuse or the system said; of `record-newer` the folder of the record. */
  readonly detail: string;
}

const ADDON = 'native/chunkfs/build/Release/chunkfs.node';

/**
 * Loads the addon.
 *
 * @throws VmnetxError `host-not-built` when it is not there, of another build, or without libfuse
 */
export function loadAddon(): Addon {
  return loadNative(ADDON, isAddon);
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
