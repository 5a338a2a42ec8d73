import type { AcceleratorWish } from '../accelerator/index.js';
import { asVmnetxError, type VmnetxError } from '../errors/index.js';
import type { LoginHandler } from '../fetch/index.js';
import { errorValues, followLog, type Log } from '../log/index.js';
import { parsePrivateHost, writeNetworkAnswer, type PrivateHost } from '../settings/index.js';
import type { Vmnetfs } from '../vmnetfs/index.js';
import { Activity, type ActivityReport } from './activity.js';
import { CrashHistory } from './crash-history.js';
import { isRefusal } from './memory-refusal.js';
import { logSession } from './log-session.js';
import { Run } from './run.js';
import type { RunOptions } from './run-machine.js';
import type { Session } from './session.js';
import { failureOf, type Ending, type SessionState, type Stopping } from './session-state.js';
import { advance, beginning, type SessionEvent } from './state-machine.js';

export interface SessionOptions extends Pick<RunOptions, 'consoleSocket' | 'environment'> {
  /** It is given over: the session closes it at its end. */
  readonly log: Log;
  /** What the user named: a path, a URL, a link. */
  readonly location: string;
  /**
   * A link on a web page led to it: it must not come from a private network, and has no network
   * until the user allows it.
   */
  readonly fromLink: boolean;
  /** Whether a machine that was saved while it ran goes on from there; if not, it boots. */
  readonly savedState: boolean;
  readonly accelerator: AcceleratorWish;
  readonly onLogin: LoginHandler;
}

/** As much as somebody reads in a window. */
const SHOWN_LOG_BYTES = 256 * 1024;

/** Starts a session of a machine; it begins at once. Machines never run as root. */
export function startSession(options: SessionOptions): Session {
  const session = new MachineSession(options);
  logSession(session, options.log);
  return session;
}

/** Carries out what the state machine decides: a run for each start, given up whole at its end. */
class MachineSession implements Session {
  readonly #options: SessionOptions;
  readonly #listeners = new Set<() => void>();
  readonly #crashes = new CrashHistory();
  readonly #activity = new Activity();
  #state: SessionState = beginning;
  /** Whether the machine may get less than it wants. */
  #mayReduce = false;
  /** Whether the machine goes on where it was saved. */
  #savedState: boolean;
  /** To which requests may lead although they are in private networks. */
  #privateHosts: readonly PrivateHost[] = [];
  /** Why the machine does not go on where it was saved, until somebody starts it again. */
  #memoryRefused: VmnetxError | null = null;
  #muted = false;
  /** Whether what is kept of its memory from the last time is used. */
  #useKept = true;
  #closed = false;
  #run: Run;
  /** Settled when the run that is being given up is gone; what follows it has begun then. */
  #gone: Promise<void> | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#savedState = options.savedState;
    this.#run = this.#begin(null);
  }

  get state(): SessionState {
    return this.#state;
  }

  onChange(listener: () => void): () => void {
    const own = (): void => {
      listener();
    };
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  async restart(): Promise<void> {
    if (this.#closed) return;
    this.#memoryRefused = null;
    this.#useKept = true;
    await this.#stop({ phase: 'starting' });
  }

  startWithLess(): Promise<void> {
    this.#mayReduce = true;
    return this.restart();
  }

  startWithoutSavedState(): Promise<void> {
    this.#savedState = false;
    return this.restart();
  }

  async allowPrivateAddress(): Promise<void> {
    const error = failureOf(this.#state);
    if (error?.code !== 'network-private-address' || error.host === null) return;
    const host = parsePrivateHost(error.host);
    if (host === null) return;
    this.#options.log.info('A private address is allowed', { host: error.host });
    this.#privateHosts = [...this.#privateHosts, host];
    await this.restart();
  }

  async shutDown(): Promise<void> {
    const { machine } = this.#run;
    if (this.#state.phase !== 'running' || machine === null) return;
    const asked = await this.#ask(async () => (await machine.domain()).shutdown());
    if (asked) this.#tell({ event: 'shutdown-asked' });
  }

  async reset(): Promise<void> {
    const { machine } = this.#run;
    if (this.#state.phase !== 'running' || machine === null) return;
    await this.#ask(async () => (await machine.domain()).reset());
  }

  async powerOff(): Promise<void> {
    await this.#stop({ phase: 'ended', how: 'powered-off' });
  }

  mute(muted: boolean): void {
    this.#muted = muted;
    this.#run.machine?.mute(muted);
  }

  async allowNetwork(allowed: boolean): Promise<void> {
    const before = this.#state;
    const has = 'guestNetwork' in before ? before.guestNetwork : null;
    const { identity } = this.#run;
    if (identity === null || has === null) return;
    try {
      await writeNetworkAnswer(this.#options.environment, identity, allowed);
    } catch (error) {
      // Whoever changes nothing, or has left meanwhile, is not to lose their machine over it.
      this.#options.log.warning('The answer is not remembered', errorValues(error));
      const changes = allowed !== (has === 'full') && isUp(this.#state);
      if (changes) await this.#fail(asVmnetxError(error));
      return;
    }
    if (!isUp(this.#state)) return;
    if (allowed !== (has === 'full')) await this.restart();
    else this.#tell({ event: 'met', change: { guestNetwork: allowed ? 'full' : 'none' } });
  }

  watchActivity(listener: (report: ActivityReport) => void): () => void {
    return this.#activity.watch(listener);
  }

  followLog(signal: AbortSignal): AsyncIterable<string> {
    return followLog(this.#options.log.place, SHOWN_LOG_BYTES, signal);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#stop({ phase: 'ended', how: 'closed' });
    this.#options.log.info('The session is closed');
    await this.#options.log.close();
  }

  /** @param last who starts a machine again need not log in again */
  #begin(last: Run | null): Run {
    const listener = {
      onEvent: (event: SessionEvent): void => {
        if (this.#run === run) this.#tell(event);
      },
      onMounted: (mount: Vmnetfs): void => {
        if (this.#run === run) this.#activity.follow(mount);
      },
      onEnded: (how: Ending): void => {
        if (this.#run === run) void this.#stop({ phase: 'ended', how });
      },
      onFailed: (error: VmnetxError): void => {
        if (this.#run !== run || this.#state.phase === 'stopping') return;
        if (isRefusal(error) || error.code === 'store-state-damaged') this.#startOtherwise(error);
        else void this.#fail(this.#crashes.judge(error));
      },
    };
    const options = {
      ...this.#options,
      mayReduce: this.#mayReduce,
      savedState: this.#savedState,
      privateHosts: this.#privateHosts,
      memoryRefused: this.#memoryRefused,
      useKept: this.#useKept,
      muted: this.#muted,
    };
    const run: Run = new Run(options, listener, last?.access ?? null);
    return run;
  }

  /** The machine starts again without what was refused: what was kept of its memory, or all of that. */
  #startOtherwise(refused: VmnetxError): void {
    this.#options.log.warning('The saved memory is refused', errorValues(refused));
    if (isRefusal(refused)) this.#memoryRefused = refused;
    else this.#useKept = false;
    void this.#stop({ phase: 'starting' });
  }

  #fail(error: VmnetxError): Promise<void> {
    const savedStateSuspected = this.#run.resumes && ofMachine(error);
    return this.#stop({ phase: 'failed', error, savedStateSuspected });
  }

  /** Fulfilled when nothing of the run is left, and what was to follow it has begun. */
  async #stop(next: Stopping['next']): Promise<void> {
    this.#tell({ event: 'stop', next });
    if (this.#state.phase === 'stopping') this.#gone ??= this.#giveUp();
    else if (this.#state === beginning && this.#gone === null) this.#run = this.#begin(this.#run);
    await this.#gone;
  }

  async #giveUp(): Promise<void> {
    const run = this.#run;
    for (const { message } of await run.giveUp()) {
      this.#options.log.warning('Something was not given up', { message });
    }
    this.#gone = null;
    this.#tell({ event: 'gone' });
    // Whoever was told may have stopped the session again.
    if (this.#state === beginning && this.#run === run) this.#run = this.#begin(run);
  }

  /** Asks something of the machine; returns whether it was done. */
  async #ask(what: () => Promise<void>): Promise<boolean> {
    try {
      await what();
      return true;
    } catch (error) {
      this.#options.log.warning('The machine did not do what it was asked', errorValues(error));
      return false;
    }
  }

  #tell(event: SessionEvent): void {
    const state = advance(this.#state, event);
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Whether it is the machine itself that failed, not what it stands on. */
function ofMachine({ code }: VmnetxError): boolean {
  return code.startsWith('host-machine-') || code.startsWith('memory-');
}

function isUp({ phase }: SessionState): boolean {
  return phase === 'starting' || phase === 'running';
}
