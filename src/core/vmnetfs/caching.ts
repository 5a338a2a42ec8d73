import { constants } from 'node:os';
import { getSystemErrorName } from 'node:util';
import { asVmnetxError, fail, ownWords, type VmnetxError } from '../errors/index.js';
import type { ChunkStore } from '../store/index.js';

/** How often the store's size is looked at, and how soon keeping is tried again, in milliseconds. */
const CHECK_MILLISECONDS = 30_000;
/** Keeping that works for so long works again. */
const TRIAL_MILLISECONDS = 3000;

export interface CachingListener {
  /** Keep what is fetched from now on, or do not. */
  readonly onSwitch: (on: boolean) => void;
  /** What the user is told: null when chunks are kept again. */
  readonly onTold: (problem: VmnetxError | null) => void;
}

/**
 * Decides whether fetched chunks are kept. A disk that is full, or a limit that is reached by images
 * in use, must not hurt the guest: it is served without keeping until there is room again.
 */
export class Caching {
  readonly #store: ChunkStore;
  readonly #listener: CachingListener;
  readonly #timer: NodeJS.Timeout;
  #on = true;
  #problem: VmnetxError | null = null;
  #trial: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(store: ChunkStore, listener: CachingListener) {
    this.#store = store;
    this.#listener = listener;
    this.#timer = setInterval(() => void this.check(), CHECK_MILLISECONDS);
  }

  /** A chunk could not be stored. */
  failed(errno: number): void {
    const { ENOSPC, EDQUOT } = constants.errno;
    const context = { detail: getSystemErrorName(-errno) };
    this.#off(
      errno === ENOSPC || errno === EDQUOT
        ? fail('host-no-space', { path: ownWords('fetched data') }, context)
        : fail('host-input-output', { path: ownWords('The folder of fetched data') }, context),
    );
  }

  /** Makes room within the limit, and tries again what failed before. */
  async check(): Promise<void> {
    let problem: VmnetxError | null = null;
    try {
      const { overLimit, limitBytes } = await this.#store.enforceLimit();
      if (overLimit) problem = fail('store-full', { megabytes: Math.round(limitBytes / 1e6) });
    } catch (error) {
      problem = asVmnetxError(error);
    }
    if (this.#stopped) return;
    if (problem === null) this.#try();
    else this.#off(problem);
  }

  /** What comes is not what it should be: nothing is kept any more, for good. */
  forbid(): void {
    this.stop();
    if (this.#on) this.#listener.onSwitch(false);
    this.#on = false;
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
    if (this.#trial !== null) clearTimeout(this.#trial);
  }

  #off(problem: VmnetxError): void {
    if (this.#stopped) return;
    if (this.#trial !== null) clearTimeout(this.#trial);
    this.#trial = null;
    if (this.#on) this.#listener.onSwitch(false);
    this.#on = false;
    if (this.#problem?.code !== problem.code) this.#listener.onTold(problem);
    this.#problem = problem;
  }

  #try(): void {
    if (this.#on) return;
    this.#on = true;
    this.#listener.onSwitch(true);
    this.#trial = setTimeout(() => {
      this.#trial = null;
      this.#problem = null;
      this.#listener.onTold(null);
    }, TRIAL_MILLISECONDS);
  }
}
