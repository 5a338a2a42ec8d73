import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 as crc32Of } from 'node:zlib';
import type { VmnetxError } from '../../../src/core/errors/index.js';
import { openSource, type Validators } from '../../../src/core/fetch/index.js';
import { CHUNK_BYTES } from '../../../src/core/image/index.js';
import { openPackage } from '../../../src/core/package/index.js';
import { writePackage } from '../../../src/core/publish/index.js';
import {
  Vmnetfs,
  type MountRequest,
  type VmnetfsListener,
} from '../../../src/core/vmnetfs/index.js';
import { childrenOf } from '../../support/processes.js';
import { output } from '../../support/programs.js';
import { randomBytes, seeded } from '../../support/random.js';

const { signal } = new AbortController();

/** What a vmnetfs process is called. */
export const PROCESS_NAME = 'vmnetfs/process.js';

export const DISK_CHUNKS = 4;

/** A small package, and everything around it that a vmnetfs is given. */
export class PackageToMount implements AsyncDisposable {
  /** Codes that were told: `failed CODE` and `lost CODE`. */
  readonly told: string[] = [];
  readonly #mounted: Vmnetfs[] = [];

  private constructor(
    readonly folder: string,
    readonly disk: Buffer,
    /** How the package itself is asked for. */
    readonly request: MountRequest,
  ) {}

  static async create(chunks = DISK_CHUNKS): Promise<PackageToMount> {
    const folder = await mkdtemp(join(tmpdir(), 'vmnetfs-'));
    const path = join(folder, 'a.nxpk');
    const disk = randomBytes((chunks - 1) * CHUNK_BYTES + 12_345, seeded(5));
    await writeFile(join(folder, 'image'), disk);
    await writePackage({
      name: 'A',
      domainXml: '<domain/>',
      disk: { path: join(folder, 'image') },
      outPath: path,
      signal,
    });
    const source = await openSource({ kind: 'file', path, label: path }, { signal });
    const { disk: member, directoryDigest } = await openPackage(source, signal).finally(() =>
      source.close(),
    );
    const { offset, storedBytes, crc32 } = member;
    const machine = join(folder, 'machine');
    await mkdir(join(machine, 'mount'), { recursive: true });
    return new PackageToMount(folder, disk, {
      package: { path },
      access: null,
      expected: {
        sizeBytes: (await stat(path)).size,
        validators: source.validators,
        name: 'A',
        directoryDigest,
      },
      directory: join(machine, 'mount'),
      store: {
        cacheDirectory: join(folder, 'cache'),
        runtimeDirectory: join(folder, 'run'),
        limitBytes: null,
      },
      overlayDirectory: join(folder, 'overlay'),
      removeAfter: machine,
      idleBytesPerSecond: 0,
      log: null,
      images: [
        { name: 'disk', member: 'disk.img', offset, sizeBytes: storedBytes, crc32 },
        // Any part of the package will do for the memory.
        {
          name: 'memory',
          member: 'memory.img',
          offset: offset + 777,
          sizeBytes: 2 * CHUNK_BYTES,
          crc32: crc32Of(disk.subarray(777, 777 + 2 * CHUNK_BYTES)),
        },
      ],
    });
  }

  get path(): string {
    return join(this.folder, 'a.nxpk');
  }

  get directory(): string {
    return this.request.directory;
  }

  get diskPath(): string {
    return join(this.directory, 'disk');
  }

  get memoryPath(): string {
    return join(this.directory, 'memory');
  }

  get memory(): Buffer {
    return this.disk.subarray(777, 777 + 2 * CHUNK_BYTES);
  }

  /** The same package where a web server has it. */
  servedAt(origin: string, validators: Validators): Partial<MountRequest> {
    return {
      package: { href: `${origin}/a.nxpk` },
      expected: { ...this.request.expected, validators },
    };
  }

  /** Mounts it by a process of its own. */
  async mount(
    changes: Partial<MountRequest> = {},
    until = signal,
    listener: Partial<VmnetfsListener> = {},
  ): Promise<Vmnetfs> {
    const tell = (what: string) => (error: VmnetxError) => this.told.push(`${what} ${error.code}`);
    const vmnetfs = await Vmnetfs.mount(
      { ...this.request, ...changes },
      {
        onFetchFailed: tell('failed'),
        onLost: tell('lost'),
        onNetwork: ({ away }) => this.told.push(away ? 'network away' : 'network back'),
        onCaching: (state) => this.told.push(state.on ? 'kept' : `not kept ${state.error.code}`),
        onLogin: () => Promise.resolve(null),
        ...listener,
      },
      until,
    );
    this.#mounted.push(vmnetfs);
    return vmnetfs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const vmnetfs of this.#mounted) await vmnetfs.unmount();
    await output('fusermount3', '-u', '-z', '-q', this.directory).catch(() => '');
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The vmnetfs processes that this process has. */
export function ownProcesses(): Promise<readonly number[]> {
  return childrenOf(process.pid, PROCESS_NAME);
}
