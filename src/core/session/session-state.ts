import type { VmnetxError } from '../errors/index.js';
import type { NetworkState } from '../paging/index.js';

/** Whether fetched chunks are kept; if not, they are fetched again whenever they are needed. */
export type CachingState =
  { readonly on: true } | { readonly on: false; readonly error: VmnetxError };

/** What a machine meets from outside: states that last, come and go by themselves. */
export interface Circumstances {
  readonly network: NetworkState;
  readonly caching: CachingState;
}

/** What is being done before the machine runs, in this order. */
export type StartStep =
  /** Finding the package that a file or a link means. */
  | 'resolving'
  /** Reading the package's description and checking that it can run here. */
  | 'checking'
  /** Making its disk available and its domain ready. */
  | 'preparing'
  /** The virtual machine is being started. */
  | 'booting';

/**
 * Where a session stands. A session begins in `starting`; from `running` it goes to `ended` when
 * the guest shuts itself down; every phase may turn to `failed`; `restart()` leads back to
 * `starting` from each of them.
 */
export type SessionState =
  | (Circumstances & {
      readonly phase: 'starting';
      readonly step: StartStep;
      /** The machine's name as its publisher wrote it, or null while it is unknown. */
      readonly name: string | null;
    })
  | (Circumstances & {
      readonly phase: 'running';
      /** The machine's name as its publisher wrote it: plain text from a stranger. */
      readonly name: string;
      /** Absolute path of the unix socket on which the machine's VNC server listens. */
      readonly displaySocket: string;
      /** What executes the guest's instructions: the processor, or QEMU's emulation of one. */
      readonly accelerator: 'kvm' | 'tcg';
    })
  /** The guest has shut itself down, or was stopped from outside. */
  | { readonly phase: 'ended' }
  | { readonly phase: 'failed'; readonly error: VmnetxError };

/** One machine from its start to its end, as whoever shows it sees it. */
export interface Session {
  readonly state: SessionState;

  /**
   * Calls the listener after each change of `state`, never during the call to `onChange` itself.
   * Returns what ends the subscription.
   */
  onChange(listener: () => void): () => void;

  /**
   * Starts the machine again, from whichever phase it is in; what the guest wrote is discarded.
   * Failures show as the phase `failed`; the promise itself is fulfilled.
   */
  restart(): Promise<void>;

  /**
   * The same, and from now on the machine gets no more memory and processors than this computer has
   * to give: the answer to a start that failed with `host-too-small`.
   */
  startWithLess(): Promise<void>;

  /**
   * Stops the machine and gives up everything that belongs to it. May be called twice and at any
   * time, also while it starts.
   */
  close(): Promise<void>;
}
