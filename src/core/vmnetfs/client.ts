import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { deadline, untilAborted } from '../disposal/index.js';
import { fail, fromPlainError, type VmnetxError } from '../errors/index.js';
import type { LoginRequest } from '../fetch/index.js';
import type { NetworkState } from '../paging/index.js';
import type { Credentials } from '../reference/index.js';
import { Channel } from './channel.js';
import { fromPlainState } from './network-state.js';
import type { ChunkName, Event, MountRequest, Touch } from './protocol.js';
import { removeMount } from './remove-mount.js';
import type { StatisticsReport } from './statistics-report.js';

const PROCESS = fileURLToPath(new URL('./process.js', import.meta.url));
const UNMOUNT_MILLISECONDS = 800;
const EXIT_MILLISECONDS = 300;

/** What the owner of a vmnetfs is told without asking. */
export interface VmnetfsListener {
  /** Bytes that the guest wants cannot be had, ever. */
  readonly onFetchFailed: (error: VmnetxError) => void;
  /** The process or its mount ended although nobody asked; while it is being mounted, that fails. */
  readonly onLost: (error: VmnetxError) => void;
  /** The network is away, or back; while it is away, again at each try. */
  readonly onNetwork: (state: NetworkState) => void;
  /** What is fetched can be kept, or not for the moment (no space, the limit). */
  readonly onCaching: (
    state: { readonly on: true } | { readonly on: false; readonly error: VmnetxError },
  ) => void;
  /** The server asks who is there; null: nobody logs in. The signal ends with the vmnetfs. */
  readonly onLogin: (request: LoginRequest, signal: AbortSignal) => Promise<Credentials | null>;
}

/**
 * A vmnetfs process and its mount, as their owner sees them. The process has a group of its own:
 * neither Ctrl-C nor a crash of its owner pulls the disk from under a live guest.
 */
export class Vmnetfs {
  readonly #process: ChildProcess;
  readonly #channel: Channel;
  readonly #exited: Promise<void>;
  readonly #directory: string;
  readonly #listener: VmnetfsListener;
  readonly #over = new AbortController();
  #onReport: ((report: StatisticsReport) => void) | null = null;
  #told = false;
  #state: 'mounting' | 'mounted' | 'ending' = 'mounting';

  private constructor(directory: string, listener: VmnetfsListener) {
    this.#directory = directory;
    this.#listener = listener;
    this.#process = fork(PROCESS, {
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // Reports hold typed arrays.
      serialization: 'advanced',
    });
    // An error in place of an exit: no process could be started.
    const exited = (): void => undefined;
    this.#exited = once(this.#process, 'exit').then(exited, exited);
    this.#channel = new Channel(this.#process, (event) => {
      this.#receive(event);
    });
    this.#process.on('error', () => {
      this.#lost();
    });
    this.#process.on('exit', () => {
      this.#lost();
    });
  }

  /**
   * Starts a vmnetfs and mounts the images; nothing is left of it when this fails.
   *
   * @throws VmnetxError `host-…` if it cannot be mounted, `server-…`, `network-…` or `package-…` if
   *   the package cannot be reached or is no longer the one that was checked
   */
  static async mount(
    request: MountRequest,
    listener: VmnetfsListener,
    signal: AbortSignal,
  ): Promise<Vmnetfs> {
    signal.throwIfAborted();
    const vmnetfs = new Vmnetfs(request.directory, listener);
    try {
      await untilAborted(vmnetfs.#channel.ask({ ask: 'mount', mount: request }), signal);
      // It may have been lost between the answer and this moment.
      if (vmnetfs.#state !== 'mounting') throw fail('host-pages-lost', {});
      vmnetfs.#state = 'mounted';
      return vmnetfs;
    } catch (error) {
      await vmnetfs.unmount();
      throw error;
    }
  }

  /**
   * From now on, a disk's read that has waited 5 s gets an error, and QEMU pauses the guest. Before
   * that it waits for as long as it takes: QEMU cannot start with a disk that it cannot read.
   */
  async limitWait(): Promise<void> {
    await this.#channel.ask({ ask: 'limit-wait' });
  }

  /** From now on, whoever waits for bytes that are not there gets an error instead. */
  async failWaiting(): Promise<void> {
    await this.#channel.ask({ ask: 'fail-waiting' });
  }

  /** Waits until nothing that the guest asked for is under way any more. */
  async settle(): Promise<void> {
    await this.#channel.ask({ ask: 'settle' });
  }

  /** Fetches chunks, in this order, when there is nothing more urgent. */
  async prefetch(chunks: readonly ChunkName[]): Promise<void> {
    await this.#channel.ask({ ask: 'prefetch', chunks });
  }

  /** The chunks that were read or written for the first time since the last call, in their order. */
  async touches(): Promise<readonly Touch[]> {
    const { touches } = await this.#channel.ask({ ask: 'touches' });
    return touches ?? [];
  }

  /**
   * Has reports sent: one of everything at once, then one of what changed each time so many milliseconds
   * have passed. There is one listener at a time. Ends with the vmnetfs.
   *
   * @returns what ends them
   */
  statistics(
    listener: (report: StatisticsReport) => void,
    intervalMilliseconds: number,
  ): () => void {
    const ask = (interval: number | null): void => {
      this.#channel
        .ask({ ask: 'statistics', intervalMilliseconds: interval })
        .catch(() => undefined);
    };
    this.#onReport = listener;
    ask(intervalMilliseconds);
    return () => {
      if (this.#onReport !== listener) return;
      this.#onReport = null;
      ask(null);
    };
  }

  /** Ends the mount and the process, by force if need be. May be called twice. */
  async unmount(): Promise<void> {
    this.#state = 'ending';
    this.#over.abort();
    try {
      const asked = this.#channel.ask({ ask: 'unmount' });
      await deadline(asked, UNMOUNT_MILLISECONDS, 'unmounting');
      await deadline(this.#exited, EXIT_MILLISECONDS, 'the end of vmnetfs');
    } catch {
      this.#process.kill('SIGKILL');
      await removeMount(this.#directory);
    }
  }

  #receive(event: Event): void {
    switch (event.event) {
      case 'fetch-failed':
        this.#listener.onFetchFailed(fromPlainError(event.error));
        return;
      case 'network':
        this.#listener.onNetwork(fromPlainState(event.state));
        return;
      case 'caching':
        this.#listener.onCaching(
          event.error === null ? { on: true } : { on: false, error: fromPlainError(event.error) },
        );
        return;
      case 'login':
        void this.#logIn(event.login, event.request);
        return;
      case 'statistics':
        this.#onReport?.(event.report);
        return;
      case 'ending':
        if (this.#state === 'mounted') this.#tellLost();
        return;
      case 'unmounted':
        this.#lost();
    }
  }

  async #logIn(login: number, request: LoginRequest): Promise<void> {
    const credentials = await this.#listener.onLogin(request, this.#over.signal).catch(() => null);
    await this.#channel.ask({ ask: 'login', login, credentials }).catch(() => undefined);
  }

  /** The process ended, or its mount did: nobody waits any longer, and the mount goes. */
  #lost(): void {
    this.#over.abort();
    this.#channel.fail(fail('host-pages-lost', {}));
    const before = this.#state;
    this.#state = 'ending';
    if (before !== 'mounted') return;
    this.#process.kill('SIGKILL');
    void removeMount(this.#directory).then(() => {
      this.#tellLost();
    });
  }

  #tellLost(): void {
    if (this.#told) return;
    this.#told = true;
    this.#listener.onLost(fail('host-pages-lost', {}));
  }
}
