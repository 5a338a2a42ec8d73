import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { VmnetxError } from '../../../src/core/errors/index.js';
import type { LoginRequest, Validators } from '../../../src/core/fetch/index.js';
import { CHUNK_BYTES } from '../../../src/core/image/index.js';
import type { NetworkState } from '../../../src/core/paging/index.js';
import type { Credentials } from '../../../src/core/reference/index.js';
import type { MountRequest } from '../../../src/core/vmnetfs/index.js';
import { PackageMount } from '../../../src/core/vmnetfs/package-mount.js';
import {
  bytesFile,
  startFaultServer,
  type Certificate,
  type FaultServer,
  type ServedFile,
  type Version,
} from '../../support/fault-server/index.js';
import { checkStore, imageOf, type CheckedImage } from '../../support/store-checker.js';
import { Program } from '../chunkfs/mounted-images.js';
import { mountImpatiently, type Impatience } from './impatient-mount.js';
import { PackageToMount } from './mounted-package.js';

/** Where a server has the package. */
export const PATH = '/a.nxpk';
export const CHUNKS = 12;
/** Not among the first 256 KiB of the package, which come when it is opened. */
export const CHUNK = 6;
export const LATER_CHUNK = 9;

const VERSION: Version = { etag: '"one"', lastModified: new Date('2015-01-01T00:00:00Z') };

/** What a guest's read comes to. */
export type ReadResult = Buffer | 'EIO';

interface SessionOptions {
  /**
   * By a process of its own, as machines are; else by what that process runs, in this one, which is
   * quicker.
   */
  readonly ownProcess?: boolean;
  /** Time-outs and a clock that a test can wait for, in place of a vmnetfs's. */
  readonly impatience?: Impatience;
  readonly tls?: Certificate;
  /** By default, a strong entity tag and a date. */
  readonly version?: Version;
  /** Answers the server's question for a log-in. */
  readonly onLogin?: (request: LoginRequest) => Credentials | null;
}

/** What pages a package. */
interface Mounted {
  failWaiting(): void | Promise<void>;
  unmount(): Promise<void>;
}

/** A package on a server that can be made to misbehave, and the vmnetfs that pages it. */
export class BadServerSession implements AsyncDisposable {
  /** What was told that cannot heal. */
  readonly failures: VmnetxError[] = [];
  readonly network: NetworkState[] = [];
  readonly logins: LoginRequest[] = [];
  #mounted: Mounted | null = null;

  private constructor(
    readonly wanted: PackageToMount,
    readonly file: ServedFile,
    readonly bytes: Buffer,
    readonly server: FaultServer,
    private readonly options: SessionOptions,
  ) {}

  /** Has a server serve a package; nothing is mounted yet. */
  static async create(options: SessionOptions = {}): Promise<BadServerSession> {
    const wanted = await PackageToMount.create(CHUNKS);
    const bytes = await readFile(wanted.path);
    const file = bytesFile(bytes, options.version ?? VERSION);
    const server = await startFaultServer({
      files: { [PATH]: file },
      ...(options.tls === undefined ? {} : { tls: options.tls }),
    });
    return new BadServerSession(wanted, file, bytes, server, options);
  }

  /** As {@link create}, and mounts it. */
  static async start(options: SessionOptions = {}): Promise<BadServerSession> {
    const session = await BadServerSession.create(options);
    try {
      await session.mount();
    } catch (error) {
      await session[Symbol.asyncDispose]();
      throw error;
    }
    return session;
  }

  /** What the server says of the version at the beginning. */
  get validators(): Validators {
    const { etag, lastModified } = this.file;
    return { etag, lastModified: lastModified?.toUTCString() ?? null };
  }

  /** Mounts what an address has. */
  async mount(origin = this.server.origin, changes: Partial<MountRequest> = {}): Promise<void> {
    const request = { ...this.wanted.servedAt(origin, this.validators), ...changes };
    const listener = {
      onFetchFailed: (error: VmnetxError) => this.failures.push(error),
      onNetwork: (state: NetworkState) => this.network.push(state),
      onLogin: (login: LoginRequest) => {
        this.logins.push(login);
        return Promise.resolve(this.options.onLogin?.(login) ?? null);
      },
    };
    if (this.options.ownProcess === true) {
      this.#mounted = await this.wanted.mount(request, undefined, listener);
      return;
    }
    const whole = { ...this.wanted.request, ...request };
    const { impatience } = this.options;
    if (impatience !== undefined) {
      const { onFetchFailed: onFailed, onNetwork } = listener;
      const told = { onFailed, onNetwork };
      const mount = await mountImpatiently(whole, `${origin}${PATH}`, told, impatience);
      this.#mounted = {
        failWaiting: () => undefined,
        unmount: async () => mount[Symbol.asyncDispose](),
      };
      return;
    }
    const mount = await PackageMount.open(whole, new AbortController().signal, {
      ...listener,
      onCaching: () => undefined,
      onUnmounted: () => undefined,
    });
    this.#mounted = {
      failWaiting: () => {
        mount.failWaiting();
      },
      unmount: () => mount.close(),
    };
  }

  /** From now on, nobody waits for what is not there. */
  async failWaiting(): Promise<void> {
    await this.#mounted?.failWaiting();
  }

  /** Reads a chunk of the disk as a guest does, past the kernel's page cache. */
  async read(chunk: number): Promise<ReadResult> {
    const { diskPath } = this.wanted;
    const reader = Program.reading(diskPath, chunk * CHUNK_BYTES, CHUNK_BYTES, true);
    const { status, output, errors } = await reader.ended;
    if (status === 0) return output;
    if (errors.includes('Input/output error')) return 'EIO';
    throw new Error(`dd ended with ${status}: ${errors}`);
  }

  /** What the guest should get. */
  rightBytes(chunk: number): Buffer {
    return this.wanted.disk.subarray(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES);
  }

  /** Where a chunk of the disk begins in the package. */
  offsetOf(chunk: number): number {
    const [disk] = this.wanted.request.images;
    if (disk === undefined) throw new Error('there is no disk');
    return disk.offset + chunk * CHUNK_BYTES;
  }

  /** The ranges that were asked for since, in the order of their requests: first and last byte. */
  ranges(since = 0): readonly (readonly [number, number])[] {
    return this.server.requests.slice(since).flatMap(({ range }) => {
      const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
      return first === undefined ? [] : [[Number(first), Number(last)] as const];
    });
  }

  /** All that is in the store, compared with the package. */
  storedImages(): Promise<readonly CheckedImage[]> {
    const { cacheDirectory, runtimeDirectory } = this.wanted.request.store;
    return checkStore({ cacheDirectory, runtimeDirectory }, ({ member }) =>
      member === 'disk.img' ? this.wanted.disk : this.wanted.memory,
    );
  }

  /** What the store has of the disk. */
  async storedDisk(): Promise<CheckedImage> {
    return imageOf(await this.storedImages(), 'disk.img');
  }

  async unmount(): Promise<void> {
    await this.#mounted?.unmount();
    this.#mounted = null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.unmount();
    await this.wanted[Symbol.asyncDispose]();
    await this.server.stop();
  }
}

/** The guest gets what it should. */
export async function assertRight(
  session: BadServerSession,
  ...chunks: readonly number[]
): Promise<void> {
  for (const chunk of chunks) {
    const bytes = await session.read(chunk);
    assert.ok(bytes !== 'EIO', `chunk ${chunk} cannot be read`);
    assert.ok(bytes.equals(session.rightBytes(chunk)), `chunk ${chunk} is wrong`);
  }
}

/** Ends the session: at least these chunks are in the store, and all that is there is right. */
export async function assertStoreRight(
  session: BadServerSession,
  ...chunks: readonly number[]
): Promise<void> {
  await session.unmount();
  for (const { wrong } of await session.storedImages()) assert.deepEqual(wrong, []);
  const { present } = await session.storedDisk();
  for (const chunk of chunks) assert.ok(present.includes(chunk), `not in ${present.join()}`);
}
