import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChunkStore, type ImageDescription } from '../../../src/core/store/index.js';
import { imageKey } from '../../../src/core/store/image-description.js';
import { output } from '../../support/programs.js';

const MODULE = new URL('../../../src/core/store/index.js', import.meta.url).href;

/** The description of an image; those of different numbers belong to different packages. */
export function imageNumber(number: number, sizeBytes = 1_000_000): ImageDescription {
  return {
    url: `https://example.org/machines/${number}.nxpk`,
    directoryDigest: number.toString(16).padStart(64, '0'),
    member: 'disk.img',
    sizeBytes,
    chunkBytes: 131_072,
    crc32: 0,
    machineName: `Machine ${number}`,
  };
}

/** A store in a folder of its own, and other processes that use it. */
export class TestStore {
  readonly folder = mkdtempSync(join(tmpdir(), 'store-'));
  readonly cacheDirectory = join(this.folder, 'cache');
  readonly runtimeDirectory = join(this.folder, 'run');
  readonly #children = new Set<ChildProcess>();
  readonly #open: ChunkStore[] = [];

  async open(limitBytes: number | null = null): Promise<ChunkStore> {
    const { cacheDirectory, runtimeDirectory } = this;
    const store = await ChunkStore.open({ cacheDirectory, runtimeDirectory, limitBytes });
    this.#open.push(store);
    return store;
  }

  /** The folder of an image, or something in it. */
  path(description: ImageDescription, name = '.'): string {
    return join(this.cacheDirectory, 'images', imageKey(description), name);
  }

  livePath(description: ImageDescription): string {
    return join(this.runtimeDirectory, 'store', imageKey(description));
  }

  /** A module's text: `options`, then the lines. */
  script(lines: string, limitBytes: number | null = null): string {
    const { cacheDirectory, runtimeDirectory } = this;
    return `
      import { ChunkStore } from ${JSON.stringify(MODULE)};
      const options = ${JSON.stringify({ cacheDirectory, runtimeDirectory, limitBytes })};
      const say = (text) => process.stdout.write(text);
      ${lines}`;
  }

  /** Starts a process that runs such a script, and waits until it says something. */
  async start(lines: string, limitBytes: number | null = null): Promise<ChildProcess> {
    const words = ['--input-type=module', '-e', this.script(lines, limitBytes)];
    const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    return child;
  }

  /**
   * Runs such a script to its end, in a user namespace in which the shell line has mounted something.
   *
   * @returns what it said
   */
  async run(lines: string, mounting = ':'): Promise<string> {
    const words = ['--user', '--mount', '--map-current-user', '--keep-caps', 'sh', '-euc'];
    const line = `${mounting}; exec "$0" --input-type=module -e "$1"`;
    return output('unshare', ...words, line, process.execPath, this.script(lines));
  }

  /** A process that uses an image until it is killed. */
  hold(description: ImageDescription): Promise<ChildProcess> {
    return this.start(`
      const store = await ChunkStore.open(options);
      const image = await store.openImage(${JSON.stringify(description)});
      say('open');
      setInterval(() => [store, image], 1000);`);
  }

  async kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) await this.kill(child);
    for (const store of this.#open) await store.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
