import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { VmnetxError } from '../../../src/core/errors/index.js';
import { openSource, type OpenedSource, type OpenOptions } from '../../../src/core/fetch/index.js';
import { CHUNK_BYTES, flatLayout } from '../../../src/core/image/index.js';
import { Pager, type NetworkState, type PagerOptions } from '../../../src/core/paging/index.js';
import { parsePackageUrl } from '../../../src/core/reference/index.js';
import { startDelayProxy, type ProxySettings } from '../../support/delay-proxy.js';
import type { FaultServer } from '../../support/fault-server/index.js';
import { randomBytes, seeded } from '../../support/random.js';
import { requestedRange, sendRange, startServer } from '../../support/scripted-server.js';
import { until } from '../../support/wait.js';
import { MemoryMount } from './memory-mount.js';

/** What a package begins with is fetched when it is opened: the images lie behind it. */
export const HEAD = 300_001;
export const DISK_CHUNKS = 129;
/** The last chunk has 5 bytes. */
export const DISK_BYTES = (DISK_CHUNKS - 1) * CHUNK_BYTES + 5;
const MEMORY_BYTES = 3 * CHUNK_BYTES + 77;

export const file = randomBytes(HEAD + DISK_BYTES + MEMORY_BYTES, seeded(11));
export const disk = file.subarray(HEAD, HEAD + DISK_BYTES);
export const memory = file.subarray(HEAD + DISK_BYTES);

const layouts = new Map([
  ['disk', flatLayout({ offset: HEAD, length: DISK_BYTES })],
  ['memory', flatLayout({ offset: HEAD + DISK_BYTES, length: MEMORY_BYTES })],
]);

async function sourceAt(
  origin: string,
  timeouts: OpenOptions['timeouts'] = {},
): Promise<OpenedSource> {
  const url = parsePackageUrl(`${origin}/a.nxpk`);
  const { signal } = new AbortController();
  return await openSource({ kind: 'url', url, label: url.label }, { signal, timeouts });
}

/** A request for a part of the disk or the memory. */
export interface Ask {
  /** In bytes of the disk. */
  readonly begin: number;
  /** Exclusive. */
  readonly end: number;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Answers as it should be. */
  send(): void;
}

/** A package on a real web server, whose images are paged into memory. */
export class PagedPackage implements AsyncDisposable {
  readonly mount = new MemoryMount(layouts);
  readonly pager: Pager;
  readonly failures: VmnetxError[] = [];
  readonly network: NetworkState[] = [];
  readonly #source: OpenedSource;
  readonly #ranges: () => readonly string[];
  readonly #stopServer: () => Promise<void>;

  private constructor(
    source: OpenedSource,
    ranges: () => readonly string[],
    stopServer: () => Promise<void>,
    options: Partial<PagerOptions>,
  ) {
    this.#source = source;
    this.#ranges = ranges;
    this.#stopServer = stopServer;
    this.pager = new Pager({
      source,
      images: layouts,
      listener: {
        onNetwork: (state) => this.network.push(state),
        onFailed: (error) => this.failures.push(error),
      },
      ...options,
    });
    this.mount.tell(this.pager);
  }

  /**
   * @param answer called for each request but the first; without it all are answered well
   * @param link what lies between the server and the pager; null: nothing
   */
  static async open(
    answer: (ask: Ask) => void = (ask) => {
      ask.send();
    },
    options: Partial<PagerOptions> = {},
    link: Omit<ProxySettings, 'port'> | null = null,
  ): Promise<PagedPackage> {
    const server = await startServer((request, response) => {
      const { first, last } = requestedRange(request);
      const send = (): void => {
        sendRange(request, response, file);
      };
      if (first === 0) send();
      else answer({ begin: first - HEAD, end: last + 1 - HEAD, request, response, send });
    });
    const ranges = (): readonly string[] =>
      server.requests.map(({ headers }) => headers.range ?? '');
    const port = Number(new URL(server.origin).port);
    const proxy = link === null ? null : await startDelayProxy({ ...link, port });
    const stop = async (): Promise<void> => {
      await proxy?.stop();
      await server.stop();
    };
    const source = await sourceAt((proxy ?? server).origin);
    return new PagedPackage(source, ranges, stop, options);
  }

  /** On a server that has {@link file} at any path and stays the caller's. */
  static async on(
    server: FaultServer,
    options: Partial<PagerOptions> = {},
    origin = server.origin,
    timeouts: OpenOptions['timeouts'] = {},
  ): Promise<PagedPackage> {
    const ranges = (): readonly string[] => server.requests.map(({ range }) => range);
    const source = await sourceAt(origin, timeouts);
    return new PagedPackage(source, ranges, () => Promise.resolve(), options);
  }

  /** The ranges that were asked for, in bytes of the disk, in the order of the requests. */
  get asked(): (readonly [begin: number, end: number])[] {
    return this.#ranges().flatMap((range) => {
      const [first = 0, last = 0] = range.replace('bytes=', '').split('-').map(Number);
      return first === 0 ? [] : [[first - HEAD, last + 1 - HEAD] as const];
    });
  }

  attach(): this {
    this.pager.attach(this.mount);
    return this;
  }

  /** Until nothing comes any more, whether somebody waits for it or not. */
  async quiet(): Promise<void> {
    await this.pager.settle();
    await until('quiet', async () => {
      const before = this.pager.statistics().bytesDelivered;
      await sleep(100);
      return this.pager.statistics().bytesDelivered === before;
    });
  }

  read(offset: number, length: number): Promise<Buffer> {
    return this.mount.read('disk', offset, length);
  }

  /** Bytes that were asked for more than once. */
  get askedTwice(): number {
    const ranges = [...this.asked].sort(([a], [b]) => a - b);
    let twice = 0;
    let end = 0;
    for (const [from, to] of ranges) {
      twice += Math.max(0, Math.min(end, to) - from);
      end = Math.max(end, to);
    }
    return twice;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.pager.stop();
    await this.#source.close();
    await this.#stopServer();
  }
}
