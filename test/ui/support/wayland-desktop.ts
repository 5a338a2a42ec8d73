import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

/** A Wayland desktop without a monitor, with an X server for the programs that need one. */
export class WaylandDesktop implements AsyncDisposable {
  readonly #compositor: ChildProcess;
  /** For programs that are to show their windows there. */
  readonly environment: { readonly WAYLAND_DISPLAY: string; readonly DISPLAY: string };

  private constructor(compositor: ChildProcess, socket: string, display: string) {
    this.#compositor = compositor;
    this.environment = { WAYLAND_DISPLAY: socket, DISPLAY: display };
  }

  static async start(): Promise<WaylandDesktop> {
    const socket = `vmnetx-test-${process.pid}`;
    const words = ['--backend=headless-backend.so', '--xwayland', `--socket=${socket}`];
    const compositor = spawn('weston', [...words, '--idle-time=0'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    const display = await new Promise<string>((resolve, reject) => {
      const listen = (text: Buffer): void => {
        said += text.toString();
        const [, name] = /xserver listening on display (:\d+)/.exec(said) ?? [];
        if (name !== undefined && said.includes('output')) resolve(name);
      };
      compositor.stdout.on('data', listen);
      compositor.stderr.on('data', listen);
      compositor.once('close', () => {
        reject(new Error(said));
      });
    });
    return new WaylandDesktop(compositor, socket, display);
  }

  /** The windows of a process that are on the X server. */
  async x11Windows(pid: number): Promise<readonly string[]> {
    const found = await this.#onX11('xdotool', 'search', '--onlyvisible', '--pid', String(pid));
    return (found ?? '').split('\n').filter(Boolean);
  }

  /** Whether a window on the X server has an icon to be shown by. */
  async hasIcon(id: string): Promise<boolean> {
    const said = await this.#onX11('xprop', '-len', '8', '-id', id, '_NET_WM_ICON');
    return said?.startsWith('_NET_WM_ICON(CARDINAL)') === true;
  }

  /** What a program says, or null if it fails. */
  async #onX11(program: string, ...words: readonly string[]): Promise<string | null> {
    const env = { ...process.env, DISPLAY: this.environment.DISPLAY };
    const said = await promisify(execFile)(program, words, { env }).catch(() => null);
    return said?.stdout ?? null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#compositor, 'close');
    this.#compositor.kill('SIGTERM');
    await ended;
  }
}
