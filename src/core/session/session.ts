import type { ActivityReport } from './activity.js';
import type { SessionState } from './session-state.js';

/**
 * One machine from its start to its end, as whoever shows it sees it. What is asked of it in a phase
 * where it makes no sense is not done. Failures show as the phase `failed`; no promise is rejected.
 */
export interface Session {
  readonly state: SessionState;

  /**
   * Calls the listener after each change of `state`, never during the call to `onChange` itself.
   * Returns what ends the subscription.
   */
  onChange(listener: () => void): () => void;

  /**
   * Starts the machine again, from whichever phase it is in; what the guest wrote is discarded.
   * Fulfilled when all of the last run was given up.
   */
  restart(): Promise<void>;

  /**
   * The same, and from now on the machine gets no more memory and processors than this computer has
   * to give: the answer to a start that failed with `host-too-small`.
   */
  startWithLess(): Promise<void>;

  /**
   * The same, and from now on the machine boots although it was saved while it ran: the answer to a
   * failure of which its saved state is suspected.
   */
  startWithoutSavedState(): Promise<void>;

  /**
   * The same, and from now on requests may lead to the computer in a private network to which they led:
   * the answer to a start that failed with `network-private-address`. Nothing of that is remembered.
   */
  allowPrivateAddress(): Promise<void>;

  /** Presses the power button of a running machine; what comes of it is the guest's to decide. */
  shutDown(): Promise<void>;

  /** Presses the reset button of a running machine. */
  reset(): Promise<void>;

  /** Switches the machine off, running or starting, as if its plug was pulled. */
  powerOff(): Promise<void>;

  /** Has the guest heard or not, from now on; also when the machine is started again. */
  mute(muted: boolean): void;

  /**
   * Remembers whether this machine may use the network, and starts it again if that is another than
   * it has; without a card for it nothing is done.
   */
  allowNetwork(allowed: boolean): Promise<void>;

  /**
   * Tells what becomes of the machine's images: everything at once, then four times a second what
   * changed; everything anew when the machine has started again. Nothing while it has no disk.
   * Returns what ends it: nobody is to look for longer than they see it.
   */
  watchActivity(listener: (report: ActivityReport) => void): () => void;

  /**
   * The last lines of what the session wrote down, some 256 KiB, and then what it writes, in whole
   * lines, until the signal; nothing where nothing is written. Never fails.
   */
  followLog(signal: AbortSignal): AsyncIterable<string>;

  /**
   * Stops the machine and gives up everything that belongs to it. May be called twice and at any
   * time, also while it starts.
   */
  close(): Promise<void>;
}
