import { chooseAccelerator, type AcceleratorWish } from '../accelerator/index.js';
import { Disposal, untilAborted } from '../disposal/index.js';
import { asVmnetxError, fail } from '../errors/index.js';
import { newAccess, type Access, type LoginHandler } from '../fetch/index.js';
import { openConnection, type Connection } from '../libvirt/index.js';
import { reduceMachine, type Machine } from '../machine/index.js';
import { hostCapacity, shortageOf } from './host-capacity.js';
import { readReach } from './reach.js';
import { writeNetworkAnswer } from '../settings/index.js';
import { errorValues, type Log } from '../log/index.js';
import { logPackage } from './log-package.js';
import { logSession } from './log-session.js';
import { guestNetworkOf, machineIdentity } from './guest-network.js';
import { readMachine } from './read-machine.js';
import { runMachine, type RunOptions } from './run-machine.js';
import type { Circumstances, Session, SessionState, StartStep } from './session-state.js';

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
  readonly accelerator: AcceleratorWish;
  readonly onLogin: LoginHandler;
}

const CONNECTION_MILLISECONDS = 500;

/** How every run begins: nothing is wrong, as far as is known. */
const FAIR: Circumstances = {
  network: { away: false },
  caching: { on: true },
  guestNetwork: null,
};
const BEGINNING: SessionState = { phase: 'starting', step: 'resolving', name: null, ...FAIR };

/** One attempt to run the machine, from its start to the end of all that belongs to it. */
interface Run {
  readonly abort: AbortController;
  readonly disposal: Disposal;
  /** Settled when the start has succeeded or failed; never rejected. */
  readonly started: Promise<void>;
}

/** Starts a session of a machine; it begins at once. Machines never run as root. */
export function startSession(options: SessionOptions): Session {
  const session = new MachineSession(options);
  logSession(session, options.log);
  return session;
}

class MachineSession implements Session {
  readonly #options: SessionOptions;
  readonly #listeners = new Set<() => void>();
  #state: SessionState = BEGINNING;
  /** Of the last run: who starts a machine again need not log in again. */
  #access: Access | null = null;
  /** Whether the machine may get less than it wants. */
  #mayReduce = false;
  /** What identifies the machine, once it was found. */
  #identity: string | null = null;
  #run: Run;
  #closed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#run = this.#begin();
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
    const last = this.#run;
    // What the last run still has to tell is of no interest any more.
    last.abort.abort();
    this.#show(BEGINNING);
    await giveUp(last);
    // A close or another restart may have come meanwhile.
    if (!this.#closed && this.#run === last) this.#run = this.#begin();
  }

  startWithLess(): Promise<void> {
    this.#mayReduce = true;
    return this.restart();
  }

  async allowNetwork(allowed: boolean): Promise<void> {
    const before = this.#state;
    const has = 'guestNetwork' in before ? before.guestNetwork : null;
    if (this.#identity === null || has === null) return;
    try {
      await writeNetworkAnswer(this.#options.environment, this.#identity, allowed);
    } catch (error) {
      this.#end(this.#run.abort, { phase: 'failed', error: asVmnetxError(error) });
      return;
    }
    if (allowed !== (has === 'full')) return this.restart();
    const state = this.#state;
    if ('guestNetwork' in state) this.#show({ ...state, guestNetwork: allowed ? 'full' : 'none' });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await giveUp(this.#run);
    this.#options.log.info('The session is closed');
    await this.#options.log.close();
  }

  #begin(): Run {
    const abort = new AbortController();
    const disposal = new Disposal();
    const run = { abort, disposal, started: this.#start(abort, disposal) };
    // Whatever ends a run aborts it; nothing is acquired any more when the giving up begins.
    abort.signal.addEventListener('abort', () => void this.#giveUp(run), { once: true });
    return run;
  }

  async #giveUp(run: Run): Promise<void> {
    for (const { message } of await giveUp(run)) {
      this.#options.log.warning('Something was not given up', { message });
    }
  }

  async #start(abort: AbortController, disposal: Disposal): Promise<void> {
    try {
      await this.#startUp(abort, disposal);
    } catch (error) {
      this.#end(abort, { phase: 'failed', error: asVmnetxError(error) });
    }
  }

  async #startUp(abort: AbortController, disposal: Disposal): Promise<void> {
    const { signal } = abort;
    const { location, fromLink, environment, onLogin, log } = this.#options;
    if (process.getuid?.() === 0) throw fail('host-root', {});

    // libvirt's daemon may have to be started, and KVM to be tried: both go on beside the reading.
    const connecting = openConnection({ signal });
    connecting.catch(() => undefined);
    disposal.add('the connection to libvirt', CONNECTION_MILLISECONDS, () => closeLate(connecting));
    const choosing = chooseAccelerator(this.#options.accelerator, environment, signal, (reason) => {
      log.info('The accelerator is chosen', { reason });
    });
    choosing.catch(() => undefined);

    let name: string | null = null;
    let circumstances = FAIR;
    const step = (next: StartStep): void => {
      if (!signal.aborted) this.#show({ phase: 'starting', step: next, name, ...circumstances });
    };
    const meet = (change: Partial<Circumstances>): void => {
      circumstances = { ...circumstances, ...change };
      const { phase } = this.#state;
      if (signal.aborted || (phase !== 'starting' && phase !== 'running')) return;
      this.#show({ ...this.#state, ...change });
    };
    const reach = await readReach(fromLink, environment);
    const access = { ...(this.#access ?? newAccess(reach)), reach };
    const found = await readMachine(
      location,
      signal,
      {
        onLogin,
        onFound: () => {
          step('checking');
        },
        onName: (given) => {
          name = given;
          step('checking');
        },
        onRetry: (error) => {
          log.info('A request is tried again', errorValues(error));
        },
      },
      access,
    );
    try {
      logPackage(found, log);
      this.#access = found.source.access();
      const machine = this.#fit(found.machine);
      this.#identity = machineIdentity(found.place);
      const guestNetwork = await guestNetworkOf(found, fromLink, environment);
      meet({ guestNetwork });
      step('preparing');
      const accelerator = await choosing;
      const displaySocket = await runMachine(
        { ...found, machine },
        await untilAborted(connecting, signal),
        {
          ...this.#options,
          accelerator,
          network: guestNetwork === 'full' ? 'full' : 'restricted',
        },
        {
          onBooting: () => {
            step('booting');
          },
          onEnded: () => {
            this.#end(abort, { phase: 'ended' });
          },
          onFailed: (error) => {
            this.#end(abort, { phase: 'failed', error });
          },
          onNetwork: (network) => {
            meet({ network });
          },
          onCaching: (caching) => {
            meet({ caching });
          },
          onLogin,
        },
        disposal,
        signal,
      );
      signal.throwIfAborted();
      const shown = { name: found.package.name, displaySocket, accelerator };
      this.#show({ phase: 'running', ...shown, ...circumstances });
    } finally {
      await found.source.close();
    }
  }

  /** @throws VmnetxError `host-too-small` for a machine that must not get less than it wants */
  #fit(machine: Machine): Machine {
    const capacity = hostCapacity();
    if (this.#mayReduce) return reduceMachine(machine, capacity);
    const shortage = shortageOf(machine, capacity);
    if (shortage !== null) throw shortage;
    return machine;
  }

  /** The first end of a run counts. */
  #end(abort: AbortController, state: SessionState): void {
    if (abort.signal.aborted) return;
    this.#show(state);
    abort.abort();
  }

  #show(state: SessionState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Ends a run, however far it is: what waits is told to stop, then everything is given up. */
async function giveUp({ abort, disposal, started }: Run): Promise<readonly Error[]> {
  abort.abort();
  await started;
  return disposal.dispose();
}

async function closeLate(connecting: Promise<Connection>): Promise<void> {
  const connection = await connecting.catch(() => null);
  await connection?.close();
}
