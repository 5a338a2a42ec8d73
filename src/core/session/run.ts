import { chooseAccelerator, type AcceleratorWish } from '../accelerator/index.js';
import { deadline, Disposal, untilAborted } from '../disposal/index.js';
import { asVmnetxError, fail, messageOf, type VmnetxError } from '../errors/index.js';
import { newAccess, type Access, type LoginHandler } from '../fetch/index.js';
import { openConnection, type Connection } from '../libvirt/index.js';
import { errorValues } from '../log/index.js';
import { reduceMachine, type Machine } from '../machine/index.js';
import type { PrivateHost } from '../settings/index.js';
import { clearRemains } from './clear-remains.js';
import { guestNetworkOf, machineIdentity } from './guest-network.js';
import { pointerOf } from './guest-pointer.js';
import { hostCapacity, shortageOf } from './host-capacity.js';
import { logPackage } from './log-package.js';
import { removeOldQemuLogs } from './qemu-log.js';
import { readReach } from './reach.js';
import { readMachine, readMemory, type MachinePackage } from './read-machine.js';
import {
  runMachine,
  type MachineToRun,
  type RunListener as MachineListener,
  type RunningMachine,
  type RunOptions,
} from './run-machine.js';
import { resumedMachine } from './resumed-machine.js';
import type { SessionEvent } from './state-machine.js';
import type { DomainListener } from './watch-domain.js';

export interface StartOptions extends Pick<
  RunOptions,
  'consoleSocket' | 'environment' | 'log' | 'muted' | 'useKept'
> {
  /** What the user named: a path, a URL, a link. */
  readonly location: string;
  /** Whether somebody else chose the location. */
  readonly fromLink: boolean;
  readonly accelerator: AcceleratorWish;
  /** Whether a machine that was saved while it ran goes on from there; if not, it boots. */
  readonly savedState: boolean;
  /** Why it does not go on from there although it was to, or null. */
  readonly memoryRefused: VmnetxError | null;
  /** To which requests may lead although they are in private networks. */
  readonly privateHosts: readonly PrivateHost[];
  /** Whether the machine may get less than it wants. */
  readonly mayReduce: boolean;
  readonly onLogin: LoginHandler;
}

export interface RunListener
  extends Pick<DomainListener, 'onEnded' | 'onFailed'>, Pick<MachineListener, 'onMounted'> {
  readonly onEvent: (event: SessionEvent) => void;
}

/** A start that was told to end may have to remove a mount first. */
const STARTING_MILLISECONDS = 2000;
const CONNECTION_MILLISECONDS = 300;
const CLEARING_MILLISECONDS = 100;

/**
 * One attempt to run a machine, from its start to the end of all that belongs to it. It begins at
 * once, but tells nothing before its maker has it.
 */
export class Run {
  readonly #abort = new AbortController();
  readonly #disposal = new Disposal();
  readonly #options: StartOptions;
  readonly #listener: RunListener;
  /** Settled when the start has succeeded or failed; never rejected. */
  readonly #started: Promise<void>;
  #access: Access | null;
  #identity: string | null = null;
  #machine: RunningMachine | null = null;
  #resumes = false;

  /** @param access what the last run gathered, so that nobody is asked again */
  constructor(options: StartOptions, listener: RunListener, access: Access | null) {
    this.#options = options;
    this.#listener = listener;
    this.#access = access;
    this.#started = Promise.resolve().then(() => this.#start());
  }

  get access(): Access | null {
    return this.#access;
  }

  /** What identifies the machine, once it was found. */
  get identity(): string | null {
    return this.#identity;
  }

  /** Whether the machine goes on where it was saved, as far as is known. */
  get resumes(): boolean {
    return this.#resumes;
  }

  /** The machine, once it runs. */
  get machine(): RunningMachine | null {
    return this.#machine;
  }

  /**
   * Ends the run, however far it is: what waits is told to stop, then everything is given up. May be
   * called twice.
   *
   * @returns what could not be given up, or not in time
   */
  async giveUp(): Promise<readonly Error[]> {
    this.#abort.abort();
    // What it still acquires when it is too late is given up by the disposal at once.
    await deadline(this.#started, STARTING_MILLISECONDS, 'the start').catch(() => undefined);
    return this.#disposal.dispose();
  }

  async #start(): Promise<void> {
    try {
      await this.#startUp();
    } catch (error) {
      this.#failed(asVmnetxError(error));
    }
  }

  async #startUp(): Promise<void> {
    const { signal } = this.#abort;
    const { location, fromLink, privateHosts, memoryRefused, environment, log } = this.#options;
    if (memoryRefused !== null) this.#tell({ event: 'met', change: { memoryRefused } });
    if (process.getuid?.() === 0) throw fail('host-root', {});

    // libvirt's daemon may have to be started, and KVM to be tried: both go on beside the reading.
    const connecting = this.#connect();
    const choosing = chooseAccelerator(this.#options.accelerator, environment, signal);
    choosing.catch(() => undefined);

    const setReach = await readReach(fromLink, environment);
    const reach = { ...setReach, privateHosts: [...setReach.privateHosts, ...privateHosts] };
    const access = { ...(this.#access ?? newAccess(reach)), reach };
    const onFound = (): void => {
      this.#tell({ event: 'step', step: 'checking' });
    };
    const onName = (name: string): void => {
      this.#tell({ event: 'named', name });
    };
    const onLogin = this.#logIn;
    const onRetry = (error: VmnetxError): void => {
      log.info('A request is tried again', errorValues(error));
    };
    const listener = { onLogin, onFound, onName, onRetry };
    const found = await readMachine(location, signal, listener, access);
    try {
      logPackage(found, log);
      this.#access = found.source.access();
      const toRun = await this.#toRun(found);
      this.#resumes = toRun.memory !== null;
      this.#identity = machineIdentity(found.place);
      const guestNetwork = await guestNetworkOf(toRun, fromLink, environment);
      this.#tell({ event: 'met', change: { guestNetwork } });
      this.#tell({ event: 'step', step: 'preparing' });
      const { accelerator, emulated, reason } = await choosing;
      log.info('The accelerator is chosen', { reason });
      this.#machine = await runMachine(
        toRun,
        await untilAborted(connecting, signal),
        {
          ...this.#options,
          accelerator,
          network: guestNetwork === 'full' ? 'full' : 'restricted',
        },
        {
          onMounted: this.#listener.onMounted,
          onBooting: () => {
            this.#tell({ event: 'step', step: 'booting' });
          },
          onLoading: (loaded) => {
            if (loaded === null) this.#tell({ event: 'step', step: 'loading' });
            else this.#tell({ event: 'loaded', loaded });
          },
          onRebooted: () => {
            this.#tell({ event: 'rebooted' });
          },
          onEnded: this.#ended,
          onFailed: this.#failed,
          onNetwork: (network) => {
            this.#tell({ event: 'met', change: { network } });
          },
          onCaching: (caching) => {
            this.#tell({ event: 'met', change: { caching } });
          },
          onPackageChanged: (packageChanged) => {
            this.#tell({ event: 'met', change: { packageChanged } });
          },
          onSound: (sound) => {
            this.#tell({ event: 'met', change: { sound } });
          },
          onLogin,
        },
        this.#disposal,
        signal,
      );
      signal.throwIfAborted();
      const { name } = found.package;
      const { displaySocket } = this.#machine;
      const pointer = pointerOf(toRun.machine);
      this.#tell({ event: 'runs', name, displaySocket, pointer, accelerator, emulated });
    } finally {
      await found.source.close();
    }
  }

  /** Connects to libvirt, and has cleared what sessions before have left. */
  #connect(): Promise<Connection> {
    const connecting = openConnection({ signal: this.#abort.signal });
    connecting.catch(() => undefined);
    this.#disposal.add('the connection to libvirt', CONNECTION_MILLISECONDS, () =>
      closeLate(connecting),
    );
    const clearing = this.#clear(connecting);
    this.#disposal.add('the clearing', CLEARING_MILLISECONDS, () => clearing);
    return connecting;
  }

  /** Clears what sessions before have left; the machine does not wait for it, nor fail with it. */
  async #clear(connecting: Promise<Connection>): Promise<void> {
    const { environment, log } = this.#options;
    try {
      const remnants = await clearRemains(environment, () => connecting, this.#abort.signal);
      for (const { what, problem } of remnants) {
        if (problem === null) log.info('What a session had left is cleared', { what });
        else log.warning('What a session had left stays', { what, problem });
      }
      await removeOldQemuLogs(await connecting, environment);
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      log.warning('What sessions before have left is not cleared', { reason: messageOf(error) });
    }
  }

  /** The machine with its memory, if it has some and is to go on from there. */
  async #toRun(found: MachinePackage): Promise<MachineToRun> {
    const { savedState, memoryRefused } = this.#options;
    const isWanted = savedState && memoryRefused === null;
    const memory = isWanted ? await readMemory(found, this.#abort.signal) : null;
    const machine = this.#fit(memory?.machine ?? found.machine);
    if (memory === null) return { ...found, machine, memory };
    if (machine !== memory.machine) throw fail('memory-host-too-small', {});
    return { ...found, machine: resumedMachine(found.machine, machine), memory };
  }

  /** @throws VmnetxError `host-too-small` for a machine that must not get less than it wants */
  #fit(machine: Machine): Machine {
    const capacity = hostCapacity();
    if (this.#options.mayReduce) return reduceMachine(machine, capacity);
    const shortage = shortageOf(machine, capacity);
    if (shortage !== null) throw shortage;
    return machine;
  }

  readonly #logIn: LoginHandler = async (...request) => {
    this.#tell({ event: 'met', change: { loggingIn: true } });
    try {
      return await this.#options.onLogin(...request);
    } finally {
      this.#tell({ event: 'met', change: { loggingIn: false } });
    }
  };

  readonly #ended: RunListener['onEnded'] = (how) => {
    if (!this.#abort.signal.aborted) this.#listener.onEnded(how);
  };

  readonly #failed = (error: VmnetxError): void => {
    if (!this.#abort.signal.aborted) this.#listener.onFailed(error);
  };

  #tell(event: SessionEvent): void {
    if (!this.#abort.signal.aborted) this.#listener.onEvent(event);
  }
}

async function closeLate(connecting: Promise<Connection>): Promise<void> {
  const connection = await connecting.catch(() => null);
  await connection?.close();
}
