import { randomUUID } from 'node:crypto';
import type { Accelerator } from '../accelerator/index.js';
import { allowsLabel, confinedEmulator } from '../confinement/index.js';
import { untilAborted, type Disposal } from '../disposal/index.js';
import type { VmnetxError } from '../errors/index.js';
import type { Connection, Domain } from '../libvirt/index.js';
import type { Log } from '../log/index.js';
import { generateDomain, type Machine, type Placement } from '../machine/index.js';
import type { SavedMemory } from '../memory/index.js';
import { requireRuntimeDirectory, type Environment } from '../places/index.js';
import { GuestSound, type Audibility } from '../sound/index.js';
import type { Vmnetfs, VmnetfsListener } from '../vmnetfs/index.js';
import { destroyDomain } from './destroy-domain.js';
import { hostNeeds } from './host-needs.js';
import { asRefusal } from './memory-refusal.js';
import { requireMemoryNeeds } from './memory-needs.js';
import { mountPackage } from './mount-package.js';
import type { MachinePackage } from './read-machine.js';
import { takeQemuLog } from './qemu-log.js';
import { Resumption } from './resumption.js';
import { SessionFolder } from './session-folder.js';
import type { Loaded } from './session-state.js';
import { startDomain } from './start-domain.js';
import { watchDomain, type DomainListener } from './watch-domain.js';

/** Bounds of giving up, in milliseconds; with the connection to libvirt they stay below 5 s. */
const FAIL_WAITING_MILLISECONDS = 300;
const DESTROY_MILLISECONDS = 2100;
const UNMOUNT_MILLISECONDS = 1200;
const FOLDER_MILLISECONDS = 150;
const LINK_MILLISECONDS = 50;
const QEMU_LOG_MILLISECONDS = 200;
const STATE_MILLISECONDS = 300;
const SOUND_MILLISECONDS = 100;

export interface RunOptions {
  /** Whether what is kept of the machine's memory from the last time is used. */
  readonly useKept: boolean;
  /** Whether the guest is not to be heard at first. */
  readonly muted: boolean;
  readonly accelerator: Accelerator;
  readonly network: Placement['network'];
  /** Absolute path of a unix socket for the machine's first serial port, or null for none. */
  readonly consoleSocket: string | null;
  readonly environment: Environment;
  readonly log: Log;
}

export interface RunListener
  extends DomainListener, Pick<VmnetfsListener, 'onNetwork' | 'onCaching' | 'onLogin'> {
  /** The images are there. */
  readonly onMounted: (mount: Vmnetfs) => void;
  /** The domain is about to be started. */
  readonly onBooting: () => void;
  /** So much of the machine's memory is back; null: it begins. */
  readonly onLoading: (loaded: Loaded | null) => void;
  /** The package is another than the one that runs, which goes on with what was fetched of it. */
  readonly onPackageChanged: (error: VmnetxError) => void;
  /** Whether the guest is heard; of a machine without sound nothing is told. */
  readonly onSound: (audibility: Audibility) => void;
}

/** What is to run. */
export interface MachineToRun extends Omit<MachinePackage, 'disk'> {
  /** The machine is the one whose memory it is; null: it boots. */
  readonly memory: SavedMemory | null;
}

/** A machine that was started. */
export interface RunningMachine {
  /** Absolute path of the unix socket of its VNC server. */
  readonly displaySocket: string;
  /** @throws LibvirtError `noDomain`, `invalidConnection` */
  readonly domain: () => Promise<Domain>;
  readonly mute: (muted: boolean) => void;
}

/**
 * Starts a machine: its folder, its mount, its domain. Each is registered with `disposal` when it is
 * acquired, so that disposing follows the order of giving up: first nobody waits for bytes any more,
 * then the domain goes, then the mount, then the folder.
 *
 * @param disposal the caller's, who disposes of it, also when this fails
 * @throws VmnetxError `memory-…` where the machine cannot go on from its memory, but may boot
 */
export async function runMachine(
  found: MachineToRun,
  connection: Connection,
  options: RunOptions,
  listener: RunListener,
  disposal: Disposal,
  signal: AbortSignal,
): Promise<RunningMachine> {
  const folder = await SessionFolder.create(requireRuntimeDirectory(options.environment));
  disposal.add('the folder of the machine', FOLDER_MILLISECONDS, () => folder.remove());
  let runs = false;
  let packageChanged: VmnetxError | null = null;
  const onFetchFailed = (error: VmnetxError): void => {
    if (error.code !== 'package-changed' || !runs) {
      listener.onFailed(error);
      return;
    }
    packageChanged = error;
    listener.onPackageChanged(error);
  };
  const vmnetfs = await mountPackage(
    found,
    options.environment,
    {
      directory: folder.mountPoint,
      removeAfter: folder.path,
      diskOnly: found.memory === null,
      log: options.log,
    },
    { ...listener, onFetchFailed, onLost: listener.onFailed },
    signal,
  );
  disposal.add('the mount', UNMOUNT_MILLISECONDS, () => vmnetfs.unmount());
  listener.onMounted(vmnetfs);
  const resumption = resumptionOf(found, folder, vmnetfs, options, listener, signal);
  disposal.add('the saved memory', STATE_MILLISECONDS, async () => resumption?.close());

  const emulator = await confinedEmulator(folder.path, options.network);
  const placement: Placement = {
    id: folder.id,
    title: found.package.name,
    uuid: randomUUID(),
    accelerator: options.accelerator,
    emulator: emulator.path,
    variables: emulator.variables,
    resumes: found.memory !== null,
    labelled: await allowsLabel(),
    diskPath: `${folder.mountPoint}/disk`,
    displaySocket: folder.displaySocket,
    consoleSocket: options.consoleSocket,
    network: options.network,
  };
  signal.throwIfAborted();
  disposal.add('the log of QEMU', QEMU_LOG_MILLISECONDS, () =>
    takeQemuLog(folder.domainName, options.environment, options.log),
  );
  if (resumption === null) listener.onBooting();
  else listener.onLoading(null);
  const xml = generateDomain(found.machine, placement);
  const needs = hostNeeds(found.machine, placement);
  if (found.memory !== null) {
    const checking = requireMemoryNeeds(connection, found.memory, options.accelerator, needs);
    await untilAborted(checking, signal).catch(refuse);
    signal.throwIfAborted();
  }
  let isLoading = resumption !== null;
  const domainListener: DomainListener = {
    ...listener,
    // Who loads it finds out itself when QEMU fails over it.
    onFailed: (error) => {
      if (!isLoading) listener.onFailed(error);
    },
  };
  const starting = startDomain(connection, xml, needs, async (domain) => {
    const { domainName } = folder;
    const bytes = { settle: () => vmnetfs.settle(), whyLost: () => packageChanged };
    const watched = watchDomain(connection, domainName, bytes, domainListener, options.log);
    disposal.add('the events of the domain', LINK_MILLISECONDS, () => watched.close());
    await resumption?.load(domain);
    isLoading = false;
    await vmnetfs.limitWait();
    signal.throwIfAborted();
    return watched;
  });
  disposal.add('the domain', DESTROY_MILLISECONDS, () =>
    destroyDomain(connection, folder.domainName, starting),
  );
  disposal.add('what waits for bytes', FAIL_WAITING_MILLISECONDS, () => vmnetfs.failWaiting());
  const link = await untilAborted(starting, signal).catch(resumption === null ? rethrow : refuse);
  runs = true;
  const sound = soundOf(found.machine, folder, options, listener);
  disposal.add('the sound', SOUND_MILLISECONDS, async () => sound?.close());
  return {
    displaySocket: folder.displaySocket,
    domain: () => link.domain(),
    mute: (muted) => sound?.mute(muted),
  };
}

function soundOf(
  { sounds }: Machine,
  { displaySocket: socket }: SessionFolder,
  { muted, environment, log }: RunOptions,
  { onSound: onChange }: RunListener,
): GuestSound | null {
  if (sounds.length === 0) return null;
  return new GuestSound({ socket, muted, environment, log, onChange });
}

function refuse(error: unknown): never {
  throw asRefusal(error);
}

function rethrow(error: unknown): never {
  throw error;
}

function resumptionOf(
  found: MachineToRun,
  folder: SessionFolder,
  vmnetfs: Vmnetfs,
  { useKept, environment, log }: RunOptions,
  { onLoading }: Pick<RunListener, 'onLoading'>,
  signal: AbortSignal,
): Resumption | null {
  const { memory } = found;
  const { memory: member } = found.package;
  if (memory === null || member === null) return null;
  const what = { found, member, memory, useKept };
  return new Resumption({ ...what, folder, vmnetfs, environment, log, onLoading, signal });
}
