import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { mountImages, type ImageMount } from '../chunkfs/index.js';
import { Disposal } from '../disposal/index.js';
import { asVmnetxError, fail, type VmnetxError } from '../errors/index.js';
import { FetchCounters, openSource, type LoginRequest, type OpenedSource } from '../fetch/index.js';
import { Pager, type NetworkState } from '../paging/index.js';
import { parsePackageUrl, type Credentials, type Location } from '../reference/index.js';
import { Caching } from './caching.js';
import { Completeness } from './completeness.js';
import { openImages, openScratchImages, type OpenImages } from './open-images.js';
import { PaceHistory } from './pace-history.js';
import type { ChunkName, MountRequest, Touch } from './protocol.js';
import { removeMountFolder } from './remove-mount-folder.js';
import { makeReport, type FetchingCost, type StatisticsReport } from './statistics-report.js';

/** A disk's read is answered EIO after this long, and QEMU pauses the guest; see docs/design.md. */
const DISK_WAIT_MILLISECONDS = 5000;
const POLL_MILLISECONDS = 100;
/** A guest waits: what stands still is asked for anew, from where it stopped. In milliseconds. */
const TIMEOUTS = { headers: 10_000, stall: 5000 };
const STORING_POLL_MILLISECONDS = 5;
/** Of each of so many milliseconds it is remembered how fast the way to the package was. */
const PACE_MILLISECONDS = 1000;
/** What a slow disk cannot make durable by then is known until the next boot all the same. */
const SYNC_MILLISECONDS = 400;

export interface PackageMountListener {
  readonly onFetchFailed: (error: VmnetxError) => void;
  /** A request failed in a way that may heal, so many times in a row, and is tried again. */
  readonly onRetry?: (error: VmnetxError, tries: number) => void;
  readonly onNetwork: (state: NetworkState) => void;
  /** Why fetched chunks are not kept for the moment, or null when they are again. */
  readonly onCaching: (problem: VmnetxError | null) => void;
  readonly onLogin: (request: LoginRequest, signal: AbortSignal) => Promise<Credentials | null>;
  readonly onUnmounted: () => void;
}

/** What belongs to a mount besides the mount itself. */
interface Parts {
  readonly mount: ImageMount;
  readonly pager: Pager;
  readonly counters: FetchCounters;
  readonly pace: PaceHistory;
  /** The size of each image, in bytes. */
  readonly sizes: ReadonlyMap<string, number>;
}

/** The images of one package as files on a mount, paged from where the package is. */
export class PackageMount {
  readonly #disposal: Disposal;
  readonly #pager: Pager;
  readonly #mount: ImageMount;
  readonly #counters: FetchCounters;
  readonly #pace: PaceHistory;
  readonly #sizes: ReadonlyMap<string, number>;

  private constructor(disposal: Disposal, { mount, pager, counters, pace, sizes }: Parts) {
    this.#disposal = disposal;
    this.#pager = pager;
    this.#mount = mount;
    this.#counters = counters;
    this.#pace = pace;
    this.#sizes = sizes;
  }

  /** Mounts; nothing is left of it when this fails. */
  static async open(
    request: MountRequest,
    signal: AbortSignal,
    listener: PackageMountListener,
  ): Promise<PackageMount> {
    const disposal = new Disposal();
    try {
      return new PackageMount(disposal, await openParts(request, signal, listener, disposal));
    } catch (error) {
      await disposal.dispose();
      throw error;
    }
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

  prefetch(chunks: readonly ChunkName[]): void {
    this.#pager.prefetch(chunks);
  }

  takeTouches(): readonly Touch[] {
    return this.#mount.takeTouches().map(({ image, chunk, microseconds }) => ({
      image: image === 'memory' ? 'memory' : 'disk',
      chunk,
      milliseconds: microseconds / 1000,
    }));
  }

  /** The numbers now, and what changed since the last call; `anew`: since the beginning. */
  report(anew: boolean): StatisticsReport {
    const fetching = this.#pager.statistics();
    const [mount, sizes, counters] = [this.#mount, this.#sizes, this.#counters];
    return makeReport({ mount, sizes, fetching, counters, pace: this.#pace.take(anew) }, anew);
  }

  /** What the fetching cost so far. */
  cost(): FetchingCost {
    const { chunksFetched, retries } = this.#pager.statistics();
    const { requests, bytesReceived, bytesSent } = this.#counters;
    return { requests, retries, bytesReceived, bytesSent, chunksFetched };
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

async function openParts(
  request: MountRequest,
  signal: AbortSignal,
  listener: PackageMountListener,
  disposal: Disposal,
): Promise<Parts> {
  const { removeAfter } = request;
  if (removeAfter !== null) {
    disposal.add('the folder of the mount', 1000, () => removeMountFolder(removeAfter));
  }
  const counters = new FetchCounters();
  const source = await openPackage(request, signal, listener, counters);
  disposal.add('the package', 1000, () => source.close());
  requireSame(source, request);

  let opened = await openImages(request, disposal);
  const layouts = new Map([...opened.images].map(([name, { layout }]) => [name, layout]));
  const pager = new Pager({
    source,
    images: layouts,
    idleBytesPerSecond: request.idleBytesPerSecond,
    listener: {
      onNetwork: listener.onNetwork,
      onFailed: listener.onFetchFailed,
      onRetry: (error, tries) => listener.onRetry?.(error, tries),
    },
  });
  let caching: Caching | null = null;
  const mountOpened = () =>
    mountImages({
      directory: request.directory,
      images: [...opened.images.values()].map(({ toMount }) => toMount),
      onMiss: (missing) => {
        pager.miss(missing);
      },
      onMark: (marked) => {
        pager.marked(marked);
      },
      onStoreFailed: ({ errno }) => caching?.failed(errno),
      onEnd: listener.onUnmounted,
    });
  const mount = await mountOpened().catch(async (error: unknown) => {
    const problem = asVmnetxError(error);
    if (problem.code !== 'store-unusable') throw error;
    opened = await openScratchImages(request, problem, disposal);
    return mountOpened();
  });
  disposal.add('the mount', 1500, () => mount.unmount());
  disposal.add('what was fetched', SYNC_MILLISECONDS, async () => {
    const end = performance.now() + SYNC_MILLISECONDS;
    while (mount.storingBytes() > 0 && performance.now() < end) {
      await sleep(STORING_POLL_MILLISECONDS);
    }
    await mount.sync();
    if (mount.storingBytes() > 0) return;
    for (const { stored } of opened.images.values()) stored?.allDurable();
  });
  disposal.add('the pager', 100, () => {
    pager.stop();
    return Promise.resolve();
  });
  caching = startCaching(opened, source.label, { mount, pager }, listener, disposal);
  const pace = new PaceHistory(performance.now());
  const watching = setInterval(() => {
    const { roundTrips } = pager.statistics();
    pace.add(performance.now(), { bytesReceived: counters.bytesReceived, roundTrips });
  }, PACE_MILLISECONDS);
  disposal.add('the watch on the pace', 100, () => {
    clearInterval(watching);
    return Promise.resolve();
  });
  // Who read before now waits in the pager.
  pager.attach(mount);
  const sizes = new Map([...layouts].map(([name, { sizeBytes }]) => [name, sizeBytes]));
  return { mount, pager, counters, pace, sizes };
}

function openPackage(
  { package: wanted, access }: MountRequest,
  signal: AbortSignal,
  { onLogin, onRetry }: PackageMountListener,
  counters: FetchCounters,
): Promise<OpenedSource> {
  const location: Location =
    'path' in wanted
      ? { kind: 'file', path: wanted.path, label: wanted.path }
      : urlLocation(wanted.href);
  return openSource(location, {
    signal,
    counters,
    onLogin,
    onRetry: (error) => onRetry?.(error, 1),
    timeouts: TIMEOUTS,
    ...(access === null ? {} : { access }),
  });
}

function urlLocation(href: string): Location {
  const url = parsePackageUrl(href);
  return { kind: 'url', url, label: url.label };
}

function requireSame(source: OpenedSource, { expected }: MountRequest): void {
  const { sizeBytes, validators } = expected;
  if (source.size !== sizeBytes || !isDeepStrictEqual(source.validators, validators)) {
    throw fail('package-changed', { location: source.label });
  }
}

function startCaching(
  { store, problem, images }: OpenImages,
  label: string,
  { mount, pager }: Pick<Parts, 'mount' | 'pager'>,
  listener: PackageMountListener,
  disposal: Disposal,
): Caching | null {
  if (problem !== null) listener.onCaching(problem);
  if (store === null) return null;
  const caching = new Caching(store, {
    onSwitch: (on) => {
      mount.setCaching(on);
      pager.setCaching(on);
    },
    onTold: listener.onCaching,
  });
  const completeness = new Completeness(images, mount, () => {
    caching.forbid();
    listener.onFetchFailed(fail('package-damaged', { location: label }));
  });
  disposal.add('the watch on the store', 200, () => {
    caching.stop();
    return completeness.stop();
  });
  void caching.check();
  return caching;
}
