import { availableParallelism, constants } from 'node:os';
import { resolve } from 'node:path';
import { fail } from '../errors/index.js';
import { isMountFailure, loadAddon } from './addon.js';
import type { ChunkOfImage } from './chunk.js';
import { ImageMount } from './image-mount.js';

/** A file of the mount. Its descriptors are duplicated: the caller keeps and closes its own. */
export interface ImageToMount {
  /** Its name in the directory. */
  readonly name: string;
  readonly sizeBytes: number;
  /** A power of two, from 4 KiB to 16 MiB; an image has at most 2²⁶ chunks. */
  readonly chunkBytes: number;
  /** Open for reading and writing: a file in which missing chunks are holes. */
  readonly pristine: number;
  /**
   * Open for reading and writing: a private file for what is written, emptied at the mount; or null
   * for a memory file, which opens for writing but refuses every change with EPERM.
   */
  readonly overlay: number | null;
  /** How long a read or write may wait before it is answered EIO; null: as long as it takes. */
  readonly waitMilliseconds: number | null;
  /** What outlives the mount of what is in `pristine`; none: nothing does. */
  readonly record?: ImageRecord | null;
}

/**
 * The files of a record, open for reading and writing: which chunks are present, and their checksums
 * (docs/store-record.md). All processes that use one `pristine` file use the same record. One that
 * is damaged, or about another image, is started anew, and `pristine` is emptied then.
 */
export interface ImageRecord {
  /** A file next to `pristine`; empty at first. */
  readonly durable: number;
  /**
   * A file that does not outlive a start of the computer, best in memory; empty at first. Null: what
   * other processes bring meanwhile is not known here.
   */
  readonly live: number | null;
  /** 32 bytes that say which image it is. */
  readonly identity: Buffer;
}

/** A chunk that a reader or writer waits for. */
export interface MissingChunk extends ChunkOfImage {
  /** Where in the chunk the first wanted byte is. */
  readonly offsetInChunk: number;
  /** How many bytes from there on are wanted, all of them in this chunk. */
  readonly lengthInChunk: number;
  readonly kind: 'read' | 'write';
}

/** A chunk that could not be stored, and the (positive) error number. */
export interface StoreFailure extends ChunkOfImage {
  readonly errno: number;
}

export interface MountRequest {
  /** Exists and is empty. */
  readonly directory: string;
  readonly images: readonly ImageToMount[];
  /** Threads that serve reads and writes; none of them waits for a chunk. */
  readonly threads?: number;
  /**
   * Called once for missing bytes of a chunk until it is delivered as a whole, failed or released.
   * Some of them may have been missed before. One that comes while the chunk is being delivered
   * unasked may be out of date: delivering it again does no harm.
   */
  readonly onMiss: (missing: MissingChunk) => void;
  /** A chunk that was marked ({@link ImageMount.mark}) is being read. */
  readonly onMark?: (marked: ChunkOfImage) => void;
  /** A chunk could not be stored. It stays in memory for a while, as if caching was off. */
  readonly onStoreFailed?: (failure: StoreFailure) => void;
  /** Called when somebody else ended the mount; it is still to be unmounted. */
  readonly onEnd: (reason: 'unmounted' | 'aborted') => void;
}

/** One for each processor, and two for those that stand in a slow disk's queue. */
const DEFAULT_THREADS = Math.min(availableParallelism() + 2, 8);

/**
 * Mounts a directory of images by FUSE, as any user may. What is present is read and written without
 * JavaScript; for what is missing `onMiss` is called, and the readers wait for
 * {@link ImageMount.deliver}.
 *
 * @throws VmnetxError `host-no-fuse` when this computer or account has no FUSE; `host-mount-failed`
 *   when the directory cannot be mounted on; `store-newer` when a newer version of the program made a
 *   record, `store-unusable` when one cannot be used for now; `host-not-built`
 * @throws RangeError for an image of more than 2²⁶ chunks
 */
export async function mountImages(request: MountRequest): Promise<ImageMount> {
  const { images, onMiss, onMark, onStoreFailed, onEnd, threads = DEFAULT_THREADS } = request;
  const directory = resolve(request.directory);
  const addon = loadAddon();
  const nameOf = (index: number): string => images[index]?.name ?? '';
  const mounting = addon.mount(
    { directory, images, threads },
    {
      onMiss: (image, chunk, offsetInChunk, lengthInChunk, forWrite) => {
        const kind = forWrite === 1 ? 'write' : 'read';
        onMiss({ image: nameOf(image), chunk, offsetInChunk, lengthInChunk, kind });
      },
      onMark: (image, chunk) => onMark?.({ image: nameOf(image), chunk }),
      onStoreFailed: (image, chunk, errno) => {
        onStoreFailed?.({ image: nameOf(image), chunk, errno });
      },
      onEnd: (errno) => {
        onEnd(errno === constants.errno.ENODEV ? 'unmounted' : 'aborted');
      },
    },
  );
  const names = images.map(({ name }) => name);
  return new ImageMount(directory, await mounting.catch(rethrow(directory)), names);
}

function rethrow(directory: string): (error: unknown) => never {
  return (error) => {
    if (!isMountFailure(error)) throw error;
    const context = { cause: error, detail: error.detail };
    if (error.kind === 'no-fuse') throw fail('host-no-fuse', {}, context);
    if (error.kind === 'record-newer')
      throw fail('store-newer', { path: error.detail }, { cause: error });
    if (error.kind === 'record-unusable') throw fail('store-unusable', {}, context);
    throw fail('host-mount-failed', { directory }, context);
  };
}
