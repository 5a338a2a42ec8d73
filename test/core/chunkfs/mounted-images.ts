import { spawn } from 'node:child_process';
import { open, mkdir, mkdtemp, readFile, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  mountImages,
  type ImageMount,
  type ImageStatistics,
  type MissingChunk,
  type StoreFailure,
} from '../../../src/core/chunkfs/index.js';
import { randomBytes, seeded } from '../../support/random.js';
import { until } from '../../support/wait.js';

export interface Settings {
  readonly name?: 'disk' | 'memory';
  readonly sizeBytes?: number;
  /** In place of `sizeBytes` of noise. */
  readonly origin?: Buffer;
  /** In place of the content's size, for an image that is larger than what is known of its content. */
  readonly describedBytes?: number;
  readonly chunkBytes?: number;
  readonly waitMilliseconds?: number | null;
  /** An existing file, in place of an empty one. */
  readonly pristinePath?: string;
  /** In place of delivering the right bytes at once. */
  readonly onMiss?: (missing: MissingChunk, images: MountedImages) => void;
}

/** One image with known content on a real mount in a temporary folder. */
export class MountedImages {
  readonly misses: MissingChunk[] = [];
  readonly marks: number[] = [];
  readonly storeFailures: StoreFailure[] = [];
  readonly ends: string[] = [];
  /** What the pristine image holds. */
  readonly origin: Buffer;
  readonly name: string;
  readonly chunkBytes: number;
  readonly folder: string;
  readonly #settings: Settings;
  readonly #files: FileHandle[] = [];
  #mount: ImageMount | undefined;

  private constructor(folder: string, settings: Settings) {
    this.folder = folder;
    this.#settings = settings;
    this.name = settings.name ?? 'disk';
    this.chunkBytes = settings.chunkBytes ?? 65536;
    this.origin = settings.origin ?? randomBytes(settings.sizeBytes ?? 1_000_003, seeded(7));
  }

  static async create(settings: Settings = {}): Promise<MountedImages> {
    const folder = await mkdtemp(join(tmpdir(), 'chunkfs-'));
    const images = new MountedImages(folder, settings);
    try {
      await images.#open();
    } catch (error) {
      await images.close();
      throw error;
    }
    return images;
  }

  async #open(): Promise<void> {
    const { pristinePath, waitMilliseconds = null, onMiss } = this.#settings;
    const { describedBytes = this.origin.length } = this.#settings;
    await mkdir(this.directory);
    const pristine = await (pristinePath === undefined
      ? this.#file(join(this.folder, 'pristine'), 'w+')
      : this.#file(pristinePath, 'r+'));
    if (pristinePath === undefined) await pristine.truncate(describedBytes);
    const overlay = await this.#file(join(this.folder, 'overlay'), 'w+');
    this.#mount = await mountImages({
      directory: this.directory,
      images: [
        {
          name: this.name,
          sizeBytes: describedBytes,
          chunkBytes: this.chunkBytes,
          pristine: pristine.fd,
          overlay: this.name === 'memory' ? null : overlay.fd,
          waitMilliseconds,
        },
      ],
      onMiss: (missing) => {
        this.misses.push(missing);
        if (onMiss === undefined) void this.deliver(missing.chunk);
        else onMiss(missing, this);
      },
      onMark: ({ chunk }) => {
        this.marks.push(chunk);
      },
      onStoreFailed: (failure) => {
        this.storeFailures.push(failure);
      },
      onEnd: (reason) => {
        this.ends.push(reason);
      },
    });
  }

  async #file(path: string, flags: string): Promise<FileHandle> {
    const file = await open(path, flags);
    this.#files.push(file);
    return file;
  }

  get directory(): string {
    return join(this.folder, 'mount');
  }

  /** The path of the image on the mount. */
  get path(): string {
    return join(this.directory, this.name);
  }

  get mount(): ImageMount {
    if (this.#mount === undefined) throw new Error('not mounted');
    return this.#mount;
  }

  get statistics(): ImageStatistics {
    const [statistics] = this.mount.statistics();
    if (statistics === undefined) throw new Error('no statistics');
    return statistics;
  }

  bytesOf(chunk: number): Buffer {
    return this.origin.subarray(chunk * this.chunkBytes, (chunk + 1) * this.chunkBytes);
  }

  /** Delivers a whole chunk; it can be read then, and is stored a little later. */
  async deliver(chunk: number): Promise<void> {
    await this.mount.deliver(this.name, chunk * this.chunkBytes, this.bytesOf(chunk));
  }

  /** Delivers bytes of the image. */
  deliverBytes(offset: number, length: number): Promise<void> | null {
    return this.mount.deliver(this.name, offset, this.origin.subarray(offset, offset + length));
  }

  get chunks(): number {
    return Math.ceil(this.origin.length / this.chunkBytes);
  }

  /** Delivers everything, and waits until it is stored. */
  async deliverAll(): Promise<void> {
    for (let chunk = 0; chunk < this.chunks; chunk += 1) await this.deliver(chunk);
    await this.stored(this.chunks);
  }

  /** Waits until so many chunks are stored. */
  stored(chunks: number): Promise<void> {
    return until('it is stored', () => this.statistics.chunksPresent === chunks);
  }

  pristineContent(): Promise<Buffer> {
    return readFile(join(this.folder, 'pristine'));
  }

  async close(): Promise<void> {
    await this.#mount?.unmount();
    for (const file of this.#files) await file.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly output: Buffer;
  readonly errors: string;
}

/** A program that runs beside the tests: what it reads from a mount does not hold them up. */
export class Program {
  readonly ended: Promise<Ended>;
  readonly #child;

  constructor(command: string, ...parameters: string[]) {
    this.#child = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    this.#child.stdout.on('data', (part: Buffer) => output.push(part));
    this.#child.stderr.on('data', (part: Buffer) => errors.push(part));
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (status, signal) => {
        resolve({
          status,
          signal,
          output: Buffer.concat(output),
          errors: Buffer.concat(errors).toString(),
        });
      });
    });
  }

  /** Reads a range by one read(2); `direct` passes the kernel's page cache by. */
  static reading(path: string, offset: number, length: number, direct = false): Program {
    return new Program(
      'dd',
      `if=${path}`,
      `bs=${String(length)}`,
      `skip=${String(offset)}`,
      'count=1',
      `iflag=skip_bytes${direct ? ',direct' : ''}`,
      'status=none',
    );
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}
