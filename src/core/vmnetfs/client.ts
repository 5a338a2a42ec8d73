import { execFile, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { deadline, untilAborted } from '../disposal/index.js';
import { fail, fromPlainError, type VmnetxError } from '../errors/index.js';
import { isMessage, type MountRequest, type Request } from './protocol.js';

const PROCESS = fileURLToPath(new URL('./process.js', import.meta.url));
const UNMOUNT_MILLISECONDS = 800;
const EXIT_MILLISECONDS = 300;

const run = promisify(execFile);

/** What the owner of a vmnetfs is told without asking. */
export interface VmnetfsListener {
  /** Bytes that the guest wants cannot be had. */
  readonly onFetchFailed: (error: VmnetxError) => void;
  /** The process or its mount ended although nobody asked; while it is being mounted, that fails. */
  readonly onLost: (error: VmnetxError) => void;
}

/**
 * A vmnetfs process and its mount, as their owner sees them. The process has a group of its own:
 * neither Ctrl-C nor a crash of its owner pulls the disk from under a live guest.
 */
export class Vmnetfs {
  readonly #process: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #directory: string;
  readonly #listener: VmnetfsListener;
  readonly #waiting = new Map<number, (error: VmnetxError | null) => void>();
  #nextId = 1;
  #told = false;
  #state: 'mounting' | 'mounted' | 'ending' = 'mounting';

  private constructor(directory: string, listener: VmnetfsListener) {
    this.#directory = directory;
    this.#listener = listener;
    this.#process = fork(PROCESS, { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    // An error in place of an exit: no process could be started.
    const exited = (): void => undefined;
    this.#exited = once(this.#process, 'exit').then(exited, exited);
    this.#process.on('message', (message) => {
      this.#receive(message);
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
      await untilAborted(
        vmnetfs.#ask((id) => ({ id, ask: 'mount', mount: request })),
        signal,
      );
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
    await this.#ask((id) => ({ id, ask: 'limit-wait' }));
  }

  /** From now on, whoever waits for bytes that are not there gets an error instead. */
  async failWaiting(): Promise<void> {
    await this.#ask((id) => ({ id, ask: 'fail-waiting' }));
  }

  /** Waits until nothing that the guest asked for is under way any more. */
  async settle(): Promise<void> {
    await this.#ask((id) => ({ id, ask: 'settle' }));
  }

  /** Ends the mount and the process, by force if need be. May be called twice. */
  async unmount(): Promise<void> {
    this.#state = 'ending';
    try {
      const asked = this.#ask((id) => ({ id, ask: 'unmount' }));
      await deadline(asked, UNMOUNT_MILLISECONDS, 'unmounting');
      await deadline(this.#exited, EXIT_MILLISECONDS, 'the end of vmnetfs');
    } catch {
      this.#process.kill('SIGKILL');
      await removeMount(this.#directory);
    }
  }

  #ask(make: (id: number) => Request): Promise<void> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (!this.#process.connected) {
        reject(fail('host-pages-lost', {}));
        return;
      }
      this.#waiting.set(id, (error) => {
        this.#waiting.delete(id);
        if (error === null) resolve();
        else reject(error);
      });
      this.#process.send(make(id), (error) => {
        if (error !== null) this.#waiting.get(id)?.(fail('host-pages-lost', {}, { cause: error }));
      });
    });
  }

  #receive(message: unknown): void {
    if (!isMessage(message)) return;
    if ('id' in message) {
      this.#waiting.get(message.id)?.(
        message.error === null ? null : fromPlainError(message.error),
      );
    } else if (message.event === 'fetch-failed') {
      this.#listener.onFetchFailed(fromPlainError(message.error));
    } else if (message.event === 'ending') {
      this.#tellLost();
    } else {
      this.#lost();
    }
  }

  /** The process ended, or its mount did: nobody waits any longer, and the mount goes. */
  #lost(): void {
    const error = fail('host-pages-lost', {});
    for (const settle of [...this.#waiting.values()]) settle(error);
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

/** Removes a mount whose process is gone; it may be gone too. */
async function removeMount(directory: string): Promise<void> {
  try {
    await run('fusermount3', ['-u', '-z', '-q', '--', directory], {
      timeout: UNMOUNT_MILLISECONDS,
    });
  } catch {
    // It was not mounted any more: that is what was wanted.
  }
}
