import { mkdir, mkdtemp, open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CHUNK_STATE,
  mountImages,
  type ImageMount,
  type ImageStatistics,
} from '../../../src/core/chunkfs/index.js';
import { randomBytes, seeded } from '../../support/random.js';
import { until } from '../../support/wait.js';
import { Program } from './mounted-images.js';

export const CHUNK_BYTES = 16384;
const NAME = 'disk';

export interface RecordedMountSettings {
  /** Whether what others bring in this boot is shared with them; else memory is private. */
  readonly live?: boolean;
  readonly identity?: Buffer;
  /** In place of delivering the right bytes at once. */
  readonly onMiss?: (chunk: number, mounted: RecordedMount) => void;
}

/** A folder with the files of one image, as the store has it, and what the image should hold. */
export class RecordedImage implements AsyncDisposable {
  readonly folder: string;
  /** The last chunk is a partial one. */
  readonly origin: Buffer;
  readonly chunks: number;
  readonly #mounts: RecordedMount[] = [];
  #tries = 0;

  private constructor(folder: string, sizeBytes: number) {
    this.folder = folder;
    this.origin = randomBytes(sizeBytes, seeded(11));
    this.chunks = Math.ceil(sizeBytes / CHUNK_BYTES);
  }

  static async create(sizeBytes = 40 * CHUNK_BYTES - 1000): Promise<RecordedImage> {
    return RecordedImage.in(await mkdtemp(join(tmpdir(), 'record-')), sizeBytes);
  }

  /** The one that another process made in the folder. */
  static in(folder: string, sizeBytes: number): RecordedImage {
    return new RecordedImage(folder, sizeBytes);
  }

  path(file: 'data' | 'record' | 'live'): string {
    return join(this.folder, file);
  }

  bytesOf(chunk: number): Buffer {
    return this.origin.subarray(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES);
  }

  /** What a start of the computer leaves. */
  async forgetBoot(): Promise<void> {
    await rm(this.path('live'), { force: true });
  }

  async mount(settings: RecordedMountSettings = {}): Promise<RecordedMount> {
    this.#tries += 1;
    const directory = join(this.folder, `mount-${String(this.#tries)}-${String(process.pid)}`);
    const mounted = await RecordedMount.open(this, directory, settings);
    this.#mounts.push(mounted);
    return mounted;
  }

  async close(): Promise<void> {
    for (const mounted of this.#mounts) await mounted.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** One mount of a {@link RecordedImage}. */
export class RecordedMount {
  readonly misses: number[] = [];
  readonly #image: RecordedImage;
  readonly #directory: string;
  readonly #mount: ImageMount;
  /** Of chunks whose state is not 0. */
  readonly #states = new Map<number, number>();

  private constructor(image: RecordedImage, directory: string, mount: ImageMount) {
    this.#image = image;
    this.#directory = directory;
    this.#mount = mount;
  }

  static async open(
    image: RecordedImage,
    directory: string,
    settings: RecordedMountSettings,
  ): Promise<RecordedMount> {
    const { live = true, identity = Buffer.alloc(32, 'i'), onMiss } = settings;
    await mkdir(directory);
    const files: FileHandle[] = [];
    const file = async (path: string): Promise<number> => {
      const opened = await open(path, 'a+');
      await opened.close();
      const handle = await open(path, 'r+');
      files.push(handle);
      return handle.fd;
    };
    try {
      const overlay = await file(join(directory, '..', `overlay-${String(process.pid)}`));
      const mount = await mountImages({
        directory,
        images: [
          {
            name: NAME,
            sizeBytes: image.origin.length,
            chunkBytes: CHUNK_BYTES,
            pristine: await file(image.path('data')),
            overlay,
            waitMilliseconds: null,
            record: {
              durable: await file(image.path('record')),
              live: live ? await file(image.path('live')) : null,
              identity,
            },
          },
        ],
        onMiss: ({ chunk }) => {
          mounted.misses.push(chunk);
          // Nobody waits until it is stored: the mount may be gone by then.
          if (onMiss === undefined) mounted.#hand(chunk);
          else onMiss(chunk, mounted);
        },
        onEnd: () => undefined,
      });
      const mounted = new RecordedMount(image, directory, mount);
      return mounted;
    } finally {
      for (const handle of files) await handle.close();
    }
  }

  /** The path of the image on the mount. */
  get path(): string {
    return join(this.#directory, NAME);
  }

  get statistics(): ImageStatistics {
    const [statistics] = this.#mount.statistics();
    if (statistics === undefined) throw new Error('no statistics');
    return statistics;
  }

  /** Until it is stored. */
  async deliver(chunk: number): Promise<void> {
    this.#hand(chunk);
    await until(`chunk ${chunk} is stored`, () => this.#isStored(chunk));
  }

  #hand(chunk: number): void {
    void this.#mount.deliver(NAME, chunk * CHUNK_BYTES, this.#image.bytesOf(chunk));
  }

  #isStored(chunk: number): boolean {
    const changes = this.#mount.takeChanges(NAME);
    for (let at = 0; at + 2 < changes.length; at += 3) {
      const [first = 0, count = 0, state = 0] = changes.subarray(at, at + 3);
      for (let n = first; n < first + count; n++) this.#states.set(n, state);
    }
    return ((this.#states.get(chunk) ?? 0) & CHUNK_STATE.present) !== 0;
  }

  async deliverEach(chunks: readonly number[]): Promise<void> {
    await Promise.all(chunks.map((chunk) => this.deliver(chunk)));
  }

  isPresent(chunk: number): boolean {
    return this.#mount.isPresent(NAME, chunk);
  }

  claim(first: number, count: number, steal = false): number {
    return this.#mount.claim(NAME, first, count, steal);
  }

  release(first: number, count: number): void {
    this.#mount.release(NAME, first, count);
  }

  forgetAll(): Promise<void> {
    return this.#mount.forgetAll(NAME);
  }

  compare(): Promise<void> {
    return this.#mount.compare(NAME);
  }

  wake(first: number, count: number): void {
    this.#mount.wake(NAME, first, count);
  }

  sync(): Promise<void> {
    return this.#mount.sync();
  }

  readAll(): Promise<Buffer> {
    return readFile(this.path);
  }

  /** Reads the first chunks, by another program and past the kernel's page cache. */
  async readFirst(chunks: number): Promise<Buffer> {
    return (await Program.reading(this.path, 0, chunks * CHUNK_BYTES, true).ended).output;
  }

  close(): Promise<void> {
    return this.#mount.unmount();
  }
}
