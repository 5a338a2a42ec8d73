import { availableParallelism, constants } from 'node:os';
import { resolve } from 'node:path';
import { fail } from '../errors/index.js';
import { isMountFailure, loadAddon } from './addon.js';
import { ImageMount } from './image-mount.js';

/** A file of the mount. Its descriptors are duplicated: the caller keeps and closes its own. */
export interface ImageToMount {
  /** Its name in the directory. */
  readonly name: string;
  readonly sizeBytes: number;
  /** A power of two, at least 4096. */
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
}

/** A chunk that a reader or writer waits for. */
export interface MissingChunk {
  readonly image: string;
  readonly chunk: number;
  /** Where in the chunk the first wanted byte is. */
  readonly offsetInChunk: number;
  readonly kind: 'read' | 'write';
}

export interface MountRequest {
  /** Exists and is empty. */
  readonly directory: string;
  readonly images: readonly ImageToMount[];
  /** Threads that serve reads and writes; none of them waits for a chunk. */
  readonly threads?: number;
  /**
   * Called once for each missing chunk until it is delivered or failed. One that comes while the
   * chunk is being delivered unasked may be out of date: delivering it again does no harm.
   */
  readonly onMiss: (missing: MissingChunk) => void;
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
 *   when the directory cannot be mounted on; `host-not-built`
 */
export async function mountImages(request: MountRequest): Promise<ImageMount> {
  const { images, onMiss, onEnd, threads = DEFAULT_THREADS } = request;
  const directory = resolve(request.directory);
  const addon = loadAddon();
  const mounting = addon.mount(
    { directory, images, threads },
    (index, chunk, offsetInChunk, forWrite) => {
      const image = images[index]?.name ?? '';
      onMiss({ image, chunk, offsetInChunk, kind: forWrite ? 'write' : 'read' });
    },
    (errno) => {
      onEnd(errno === constants.errno.ENODEV ? 'unmounted' : 'aborted');
    },
  );
  const names = images.map(({ name }) => name);
  return new ImageMount(directory, await mounting.catch(rethrow(directory)), names);
}

function rethrow(directory: string): (error: unknown) => never {
  return (error) => {
    if (!isMountFailure(error)) throw error;
    const context = { cause: error, detail: error.detail };
    throw error.kind === 'no-fuse'
      ? fail('host-no-fuse', {}, context)
      : fail('host-mount-failed', { directory }, context);
  };
}
