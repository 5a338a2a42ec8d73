import { rm } from 'node:fs/promises';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { mountImages, type ImageMount } from '../chunkfs/index.js';
import { Disposal } from '../disposal/index.js';
import { fail, type VmnetxError } from '../errors/index.js';
import { openSource } from '../fetch/index.js';
import { flatLayout, type FlatLayout } from '../image/index.js';
import { parsePackageUrl, type Location } from '../reference/index.js';
import { openScratchFile } from '../store/index.js';
import { Pager, type ChunkReceiver } from './pager.js';
import type { MountRequest } from './protocol.js';

/** A disk's read is answered EIO after this long, and QEMU pauses the guest; see docs/design.md. */
const DISK_WAIT_MILLISECONDS = 5000;
const POLL_MILLISECONDS = 100;

export interface PackageMountListener {
  readonly onFetchFailed: (error: VmnetxError) => void;
  readonly onUnmounted: () => void;
}

function locationOf({ package: wanted }: MountRequest): Location {
  return 'path' in wanted
    ? { kind: 'file', path: wanted.path, label: wanted.path }
    : urlLocation(wanted.href);
}

function urlLocation(href: string): Location {
  const url = parsePackageUrl(href);
  return { kind: 'url', url, label: url.label };
}

/** The images of one package as files on a mount, paged from where the package is. */
export class PackageMount {
  readonly #disposal: Disposal;
  readonly #pager: Pager;
  readonly #mount: ImageMount;

  private constructor(disposal: Disposal, pager: Pager, mount: ImageMount) {
    this.#disposal = disposal;
    this.#pager = pager;
    this.#mount = mount;
  }

  /** Mounts; nothing is left of it when this fails. */
  static async open(
    request: MountRequest,
    signal: AbortSignal,
    listener: PackageMountListener,
  ): Promise<PackageMount> {
    const disposal = new Disposal();
    try {
      return await PackageMount.#open(request, signal, listener, disposal);
    } catch (error) {
      await disposal.dispose();
      throw error;
    }
  }

  static async #open(
    request: MountRequest,
    signal: AbortSignal,
    listener: PackageMountListener,
    disposal: Disposal,
  ): Promise<PackageMount> {
    const { removeAfter } = request;
    if (removeAfter !== null) {
      disposal.add('the folder of the mount', 1000, () =>
        rm(removeAfter, { recursive: true, force: true }),
      );
    }
    const source = await openSource(locationOf(request), { signal });
    disposal.add('the package', 1000, () => source.close());
    const { sizeBytes, validators } = request.expected;
    if (source.size !== sizeBytes || !isDeepStrictEqual(source.validators, validators)) {
      throw fail('package-changed', { location: source.label });
    }

    const layouts = new Map<string, FlatLayout>();
    const images = [];
    for (const image of request.images) {
      layouts.set(image.name, flatLayout({ offset: image.offset, length: image.sizeBytes }));
      const pristine = await openScratchFile(request.cacheDirectory, image.sizeBytes);
      disposal.add('the fetched chunks', 1000, () => pristine.close());
      const overlay =
        image.name === 'disk' ? await openScratchFile(request.overlayDirectory, 0) : null;
      if (overlay !== null) disposal.add('the overlay', 1000, () => overlay.close());
      images.push({
        name: image.name,
        sizeBytes: image.sizeBytes,
        chunkBytes: layouts.get(image.name)?.chunkBytes ?? 0,
        pristine: pristine.fd,
        overlay: overlay === null ? null : overlay.fd,
        waitMilliseconds: null,
      });
    }
    const pager = new Pager(source, layouts, listener.onFetchFailed);
    const mounting: Promise<ImageMount> = mountImages({
      directory: request.directory,
      images,
      onMiss: ({ image, chunk }) => {
        pager.request(receiver, image, chunk);
      },
      onEnd: listener.onUnmounted,
    });
    // Somebody may read before the mount is in our hands.
    const receiver: ChunkReceiver = {
      deliver: async (image, chunk, bytes) => (await mounting).deliver(image, chunk, bytes),
      giveUp: async (image, chunk) => {
        (await mounting).failChunk(image, chunk, constants.errno.EIO);
      },
    };
    const mount = await mounting;
    disposal.add('the mount', 1500, () => mount.unmount());
    disposal.add('the pager', 100, () => {
      pager.stop();
      return Promise.resolve();
    });
    return new PackageMount(disposal, pager, mount);
  }

  /** From now on, a disk's read waits no longer than QEMU and the guest bear it. */
  limitWait(): void {
    this.#mount.limitWait('disk', DISK_WAIT_MILLISECONDS);
  }

  /** From now on, reads of what is not there are answered EIO at once. */
  failWaiting(): void {
    this.#pager.stop();
    this.#mount.failAll(constants.errno.EIO);
  }

  settle(): Promise<void> {
    return this.#pager.settle();
  }

  /** Waits until nobody has a file of the mount open, at most so many milliseconds. */
  async waitUntilClosed(milliseconds: number): Promise<void> {
    const end = performance.now() + milliseconds;
    while (this.#mount.openHandles() > 0 && performance.now() < end) await sleep(POLL_MILLISECONDS);
  }

  /**
   * Ends the mount and gives up everything. May be called twice.
   *
   * @throws Error the first of what went wrong, after all was tried
   */
  async close(): Promise<void> {
    const [problem] = await this.#disposal.dispose();
    if (problem !== undefined) throw problem;
  }
}
