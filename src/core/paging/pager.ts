import { setMaxListeners } from 'node:events';
import { constants } from 'node:os';
import type { ChunkOfImage, MissingChunk } from '../chunkfs/index.js';
import type { VmnetxError } from '../errors/index.js';
import type { FlatLayout } from '../image/index.js';
import type { StreamingSource } from '../range/index.js';
import { Ahead } from './ahead.js';
import { systemClock, type Clock } from './clock.js';
import { Demand, type Wanted } from './demand.js';
import { ForeignChunks } from './foreign-chunks.js';
import { IDLE_MILLISECONDS } from './idle-fill.js';
import { Link, type RoundTrips } from './link.js';
import { NetworkWatch, type NetworkState } from './network-state.js';
import type { PagedMount } from './paged-mount.js';
import { PagedImage } from './paged-image.js';
import { PartialChunks } from './partial-chunks.js';
import type { PendingChunk } from './pending-chunk.js';
import type { Transfer } from './transfer.js';
import { Transfers } from './transfers.js';
import { WantedCount } from './wanted-count.js';

/** What is told without being asked. */
export interface PagerListener {
  /** The network is away, or back; while it is away, again at each failed try. */
  readonly onNetwork: (state: NetworkState) => void;
  /**
   * Bytes that a reader wants cannot be had, ever; or the package is another by now, which is told also
   * where nobody waits yet. Told once for each code.
   */
  readonly onFailed: (error: VmnetxError) => void;
  /** A request failed in a way that may heal, so many times in a row, and is tried again. */
  readonly onRetry?: (error: VmnetxError, tries: number) => void;
}

export interface PagerOptions {
  /** Stays the caller's, who closes it after {@link Pager.stop}. */
  readonly source: StreamingSource;
  /** Where the images lie in the source, by their names on the mount. */
  readonly images: ReadonlyMap<string, FlatLayout>;
  readonly listener: PagerListener;
  /** At which rate all that nobody asked for is fetched when there is nothing else to do; 0: never. */
  readonly idleBytesPerSecond?: number;
  readonly clock?: Clock;
  /** Numbers in [0, 1). */
  readonly random?: () => number;
}

/** Numbers that count from the beginning on. */
export interface PagerStatistics {
  readonly requests: number;
  /** Requests that went on with what another one had not brought. */
  readonly retries: number;
  readonly chunksFetched: number;
  readonly bytesDelivered: number;
  readonly roundTrips: RoundTrips;
  readonly network: NetworkState;
}

/** What there is only once the mount is there. */
interface Attached {
  readonly mount: PagedMount;
  readonly transfers: Transfers;
  readonly foreign: ForeignChunks;
}

/**
 * Decides what is fetched and in which order: first what readers wait for, then what they will read
 * next, then what is known to be needed. What can heal is tried until {@link stop}.
 */
export class Pager {
  readonly #options: PagerOptions;
  readonly #clock: Clock;
  readonly #images = new Map<string, PagedImage>();
  readonly #wanted = new WantedCount();
  readonly #stop = new AbortController();
  readonly #network: NetworkWatch;
  readonly #link: Link;
  readonly #demand: Demand;
  readonly #ahead: Ahead;
  readonly #toldCodes = new Set<string>();
  #attached: Attached | null = null;

  constructor(options: PagerOptions) {
    const { images, listener, clock = systemClock, idleBytesPerSecond = 0 } = options;
    const { signal } = this.#stop;
    // Everything that waits listens to it; that is no leak.
    setMaxListeners(0, signal);
    this.#options = options;
    this.#clock = clock;
    for (const [name, layout] of images) {
      this.#images.set(name, new PagedImage(name, layout, clock, this.#wanted));
    }
    this.#network = new NetworkWatch(clock, listener.onNetwork, signal);
    this.#link = new Link(clock);
    const partial = new PartialChunks((chunk) => {
      this.#abandonChunk(chunk);
    });
    this.#demand = new Demand(this.#link, partial, (wanted) => this.#attached?.foreign.add(wanted));
    this.#ahead = new Ahead([...this.#images.values()], clock, idleBytesPerSecond);
  }

  /** Begins to fetch, also what was missed before. Called once. */
  attach(mount: PagedMount): void {
    const { source, random = Math.random, idleBytesPerSecond = 0 } = this.#options;
    const { signal } = this.#stop;
    const foreign = new ForeignChunks(this.#clock, mount, this.#fetch, signal);
    const transfers = new Transfers(mount, {
      source,
      network: this.#network,
      link: this.#link,
      clock: this.#clock,
      random,
      stop: signal,
      queues: {
        hasDemand: () => this.#demand.hasWanted,
        hasRemainder: () => this.#demand.hasRemainder,
        demand: (longest, spare) => this.#demand.next(mount, longest, spare),
        remainder: (spare) => this.#demand.nextRemainder(mount, spare),
        ahead: (longest, idle) => this.#ahead.next(mount, longest, idle),
        failed: (transfer, error) => {
          this.#giveUp(transfer, error);
        },
        retried: ({ tries }, error) => this.#options.listener.onRetry?.(error, tries),
      },
    });
    this.#attached = { mount, transfers, foreign };
    if (signal.aborted) this.#abandon(mount);
    transfers.pump();
    if (idleBytesPerSecond > 0) void this.#watchIdleness(transfers);
  }

  /**
   * A reader waits for bytes of a chunk.
   *
   * @throws RangeError for a chunk that does not exist
   */
  miss({ image: name, chunk, offsetInChunk, lengthInChunk }: MissingChunk): void {
    const image = this.#image(name);
    const { mount = null, transfers } = this.#attached ?? {};
    const begin = image.rangeOf(chunk).begin + offsetInChunk;
    const range = { begin, end: begin + lengthInChunk };
    const pending = image.want(chunk, range);
    const inRun = this.#ahead.access(image, chunk, mount);
    for (const transfer of pending.transfers) {
      if (transfer.wantedSince !== null) transfers?.hurry(transfer);
    }
    if (pending.unasked.firstIn(range) !== null) this.#demand.add({ image, chunk, range, inRun });
    if (this.#stop.signal.aborted) this.#abandon(mount);
    else transfers?.pump();
  }

  /** A chunk was read whose reading was to be told. */
  marked({ image: name, chunk }: ChunkOfImage): void {
    if (this.#attached === null) return;
    this.#ahead.access(this.#image(name), chunk, this.#attached.mount);
    this.#attached.transfers.pump();
  }

  /** Off: what is fetched is not kept, so that nothing is fetched ahead. */
  setCaching(on: boolean): void {
    this.#ahead.switch(on);
    this.#attached?.transfers.pump();
  }

  /** These chunks are known to be needed, in this order: fetches them when nothing is more urgent. */
  prefetch(chunks: readonly ChunkOfImage[]): void {
    for (const { image, chunk } of chunks) this.#ahead.add(this.#image(image), chunk);
    this.#attached?.transfers.pump();
  }

  /** Waits until nothing that a reader asked for is under way. */
  settle(): Promise<void> {
    return this.#wanted.none();
  }

  /** Gives up what is under way and whatever is asked for later. May be called twice. */
  stop(): void {
    this.#stop.abort();
    this.#attached?.transfers.abortAll();
    this.#abandon(this.#attached?.mount ?? null);
  }

  statistics(): PagerStatistics {
    const { requests = 0, retries = 0, bytesDelivered = 0 } = this.#attached?.transfers ?? {};
    let chunksFetched = 0;
    for (const image of this.#images.values()) chunksFetched += image.chunksFetched;
    const { roundTrips } = this.#link;
    const { state: network } = this.#network;
    return { requests, retries, chunksFetched, bytesDelivered, roundTrips, network };
  }

  readonly #fetch = (wanted: Wanted): void => {
    this.#demand.add(wanted);
    this.#attached?.transfers.pump();
  };

  /** What is still to come of a transfer cannot be had, nor what belongs to the same chunks. */
  #giveUp(failed: Transfer, error: VmnetxError): void {
    let awaited = false;
    const transfers = new Set([failed]);
    for (const transfer of transfers) {
      if (transfer !== failed) this.#attached?.transfers.abort(transfer);
      for (const chunk of transfer.chunks()) {
        const pending = transfer.image.pending.get(chunk);
        if (pending === undefined) continue;
        awaited ||= pending.isAwaited;
        for (const other of pending.transfers) transfers.add(other);
        this.#abandonChunk(pending);
      }
    }
    if (!failed.forDemand) this.#ahead.giveUp();
    // Of a package that is another by now nothing more can be had, whoever finds out.
    const isTold = awaited || error.code === 'package-changed';
    if (!isTold || this.#toldCodes.has(error.code)) return;
    this.#toldCodes.add(error.code);
    this.#options.listener.onFailed(error);
  }

  /** Gives up everything that is under way. */
  #abandon(mount: PagedMount | null): void {
    if (mount === null) return;
    this.#demand.clear();
    for (const image of this.#images.values()) {
      for (const pending of image.pending.values()) this.#abandonChunk(pending);
    }
  }

  #abandonChunk({ image, chunk, isAwaited }: PendingChunk): void {
    const mount = this.#attached?.mount;
    image.remove(chunk);
    if (isAwaited) mount?.failChunk(image.name, chunk, constants.errno.EIO);
    else mount?.release(image.name, chunk, 1);
  }

  async #watchIdleness(transfers: Transfers): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      transfers.pump();
      await this.#clock.sleep(IDLE_MILLISECONDS, signal).catch(() => undefined);
    }
  }

  #image(name: string): PagedImage {
    const image = this.#images.get(name);
    if (image === undefined) throw new RangeError(`There is no image ${name}`);
    return image;
  }
}
