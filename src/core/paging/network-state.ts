import type { VmnetxError } from '../errors/index.js';
import type { Clock } from './clock.js';

/** Whether the bytes that readers wait for can be had at the moment. */
export type NetworkState =
  | { readonly away: false }
  | {
      readonly away: true;
      /** When the first of the tries failed, in milliseconds since 1970. */
      readonly since: number;
      /** Failed tries since then. */
      readonly tries: number;
      /** Why the last one failed. */
      readonly error: VmnetxError;
    };

/** A failure that nothing has healed so far is told after so long, in milliseconds. */
const PATIENCE = 1000;

/** Tries that failed with no answer since. */
interface Trouble {
  readonly since: number;
  tries: number;
  error: VmnetxError;
}

/**
 * Judges by what becomes of fetches whether the network is away: after a second failure of the same
 * fetch, or when a second has passed since a first one. An answer that comes forward means that it is
 * back.
 */
export class NetworkWatch {
  readonly #clock: Clock;
  readonly #onChange: (state: NetworkState) => void;
  readonly #stop: AbortSignal;
  #state: NetworkState = { away: false };
  #trouble: Trouble | null = null;

  /** @param onChange called when the network goes, at each failed try while it is away, and when it is back */
  constructor(clock: Clock, onChange: (state: NetworkState) => void, stop: AbortSignal) {
    this.#clock = clock;
    this.#onChange = onChange;
    this.#stop = stop;
  }

  get state(): NetworkState {
    return this.#state;
  }

  /**
   * A try to fetch what a reader waits for failed in a way that may heal.
   *
   * @param again it was not the first try
   */
  failed(error: VmnetxError, again: boolean): void {
    if (this.#trouble === null) {
      this.#trouble = { since: this.#clock.wallClock(), tries: 1, error };
      void this.#tellLater(this.#trouble);
    } else {
      this.#trouble.tries++;
      this.#trouble.error = error;
    }
    if (again || this.#state.away) this.#tell(this.#trouble);
  }

  /**
   * The source answered, and not only with a few bytes.
   *
   * @returns whether the network was away
   */
  answered(): boolean {
    this.#trouble = null;
    if (!this.#state.away) return false;
    this.#state = { away: false };
    this.#onChange(this.#state);
    return true;
  }

  async #tellLater(trouble: Trouble): Promise<void> {
    try {
      await this.#clock.sleep(PATIENCE, this.#stop);
    } catch {
      return;
    }
    if (this.#trouble === trouble && !this.#state.away) this.#tell(trouble);
  }

  #tell({ since, tries, error }: Trouble): void {
    this.#state = { away: true, since, tries, error };
    this.#onChange(this.#state);
  }
}
