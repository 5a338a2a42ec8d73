import type { EmulationReason } from '../accelerator/index.js';
import type { VmnetxError } from '../errors/index.js';
import type { NetworkState } from '../paging/index.js';
import type { Audibility } from '../sound/index.js';
import type { GuestPointer } from './guest-pointer.js';

/** Whether fetched chunks are kept; if not, they are fetched again whenever they are needed. */
export type CachingState =
  { readonly on: true } | { readonly on: false; readonly error: VmnetxError };

/**
 * Whether the guest can reach others; `unasked`: no, because it came from a link, and the user has
 * not said yet whether it may.
 */
export type GuestNetwork = 'full' | 'none' | 'unasked';

/** What a machine meets besides its own doing: states that last; most come and go by themselves. */
export interface Circumstances {
  readonly network: NetworkState;
  readonly caching: CachingState;
  /** Null for a machine without a network card, and while that is unknown. */
  readonly guestNetwork: GuestNetwork | null;
  /** A server wants to know who logs in, and the user is being asked. */
  readonly loggingIn: boolean;
  /**
   * Why a machine that was saved while it ran does not go on there, but starts from its disk; null
   * where it goes on or never was saved.
   */
  readonly memoryRefused: VmnetxError | null;
  /**
   * The package is another by now: the machine goes on with what was fetched, and stands still when it
   * needs more. Null while it is the same, as far as is known.
   */
  readonly packageChanged: VmnetxError | null;
  readonly sound: Audibility;
}

/** What is being done before the machine runs, in this order. */
export const startSteps = [
  /** Finding the package that a file or a link means. */
  'resolving',
  /** Reading the package's description and checking that it can run here. */
  'checking',
  /** Making its disk available and its domain ready. */
  'preparing',
  /** Bringing back the memory of a machine that was saved while it ran. */
  'loading',
  /** The virtual machine is being started. */
  'booting',
] as const;

export type StartStep = (typeof startSteps)[number];

/** Who ended a machine. */
export type Ending =
  /** The guest shut itself down, by its own or after the power button was pressed. */
  | 'shut-down'
  /** The user switched it off. */
  | 'powered-off'
  /** Somebody stopped its domain from outside. */
  | 'stopped'
  /** The session was closed. */
  | 'closed';

/** How a run of a machine can end. Nothing of it is left then. */
export type Outcome = { readonly phase: 'ended'; readonly how: Ending } | Failed;

export interface Failed {
  readonly phase: 'failed';
  readonly error: VmnetxError;
  /** The machine went on where it was saved, or was to, and may do better without. */
  readonly savedStateSuspected: boolean;
}

export interface Starting extends Circumstances {
  readonly phase: 'starting';
  readonly step: StartStep;
  /** The machine's name as its publisher wrote it, or null while it is unknown. */
  readonly name: string | null;
  /** How much of the memory is loaded; null in the other steps, and while that is unknown. */
  readonly loaded: Loaded | null;
}

export interface Loaded {
  /** Bytes, as they are stored. */
  readonly done: number;
  /** Bytes. */
  readonly total: number;
  /** At the pace of the last seconds; null while that is unknown, or nothing goes on. */
  readonly secondsLeft: number | null;
}

export interface Running extends Circumstances {
  readonly phase: 'running';
  /** The machine's name as its publisher wrote it: plain text from a stranger. */
  readonly name: string;
  /** Absolute path of the unix socket on which the machine's VNC server listens. */
  readonly displaySocket: string;
  readonly pointer: GuestPointer;
  /** What executes the guest's instructions: the processor, or QEMU's emulation of one. */
  readonly accelerator: 'kvm' | 'tcg';
  /** Why it is emulated; null with KVM. */
  readonly emulated: EmulationReason | null;
  /** The guest was asked to shut down, and has neither done so nor begun anew. */
  readonly shuttingDown: boolean;
}

/** All that belongs to the machine is being given up; then comes `next`. */
export interface Stopping {
  readonly phase: 'stopping';
  readonly next: Outcome | { readonly phase: 'starting' };
}

/**
 * Where a session stands: `starting` → `running` → `stopping` → `ended` or `failed`, and from each of
 * them by way of `stopping` to `starting` again. state-machine.ts has the rules.
 */
export type SessionState = Starting | Running | Stopping | Outcome;

/** What ended the machine, or is about to; null where nothing failed. */
export function failureOf(state: SessionState): VmnetxError | null {
  const outcome = state.phase === 'stopping' ? state.next : state;
  return outcome.phase === 'failed' ? outcome.error : null;
}
