import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { PNG } from 'pngjs';
import { until } from '../../support/wait.js';

const PICTURE_BYTES = 32 << 20;

/** A display of its own with a window manager, as desktops have one: without, no window fills the screen. */
export class ManagedDisplay implements AsyncDisposable {
  readonly #server: ChildProcess;
  readonly #manager: ChildProcess;
  /** For programs that are to show their windows there. */
  readonly environment: { readonly DISPLAY: string };

  private constructor(server: ChildProcess, manager: ChildProcess, display: string) {
    this.#server = server;
    this.#manager = manager;
    this.environment = { DISPLAY: display };
  }

  static async start(): Promise<ManagedDisplay> {
    const words = ['-displayfd', '3', '-screen', '0', '1024x768x24', '-noreset'];
    const server = spawn('Xvfb', [...words, '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const told: unknown = (await once(server.stdio[3] ?? server, 'data'))[0];
    const display = `:${String(told).trim()}`;
    const manager = spawn('openbox', {
      env: { ...process.env, DISPLAY: display },
      stdio: 'ignore',
    });
    const started = new ManagedDisplay(server, manager, display);
    await until('there is a window manager', async () =>
      (await started.run('xprop', '-root', '_NET_SUPPORTING_WM_CHECK')).includes('window id'),
    );
    return started;
  }

  /** Runs a program on this display; what it prints. */
  async run(program: string, ...words: readonly string[]): Promise<string> {
    return (await this.#run(program, words)).toString('utf8').trim();
  }

  async picture(): Promise<PNG> {
    return PNG.sync.read(await this.#run('maim', ['--hidecursor']));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of [this.#manager, this.#server]) {
      const ended = once(child, 'close');
      child.kill('SIGKILL');
      await ended;
    }
  }

  async #run(program: string, words: readonly string[]): Promise<Buffer> {
    const env = { ...process.env, ...this.environment };
    const how = { env, encoding: 'buffer', timeout: 20_000, maxBuffer: PICTURE_BYTES } as const;
    return (await promisify(execFile)(program, [...words], how)).stdout;
  }
}
