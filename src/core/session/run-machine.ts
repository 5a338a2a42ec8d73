import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Accelerator } from '../accelerator/index.js';
import { allowsLabel, confinedEmulator } from '../confinement/index.js';
import { untilAborted, type Disposal } from '../disposal/index.js';
import { fileError, type VmnetxError } from '../errors/index.js';
import type { Connection } from '../libvirt/index.js';
import { generateDomain, type Placement } from '../machine/index.js';
import { requireRuntimeDirectory, type Environment } from '../places/index.js';
import type { VmnetfsListener } from '../vmnetfs/index.js';
import { destroyDomain } from './destroy-domain.js';
import { hostNeeds } from './host-needs.js';
import { mountPackage } from './mount-package.js';
import type { MachinePackage } from './read-machine.js';
import { startDomain } from './start-domain.js';
import { watchDomain } from './watch-domain.js';

/** Bounds of giving up, in milliseconds; with the connection to libvirt they stay below 5 s. */
const DESTROY_MILLISECONDS = 2500;
const UNMOUNT_MILLISECONDS = 1200;
const FOLDER_MILLISECONDS = 200;

export interface RunOptions {
  readonly accelerator: Accelerator;
  readonly network: Placement['network'];
  /** Absolute path of a unix socket for the machine's first serial port, or null for none. */
  readonly consoleSocket: string | null;
  readonly environment: Environment;
}

export interface RunListener extends Pick<VmnetfsListener, 'onNetwork' | 'onCaching' | 'onLogin'> {
  /** The domain is about to be started. */
  readonly onBooting: () => void;
  /** The guest shut itself down, or somebody stopped the domain. */
  readonly onEnded: () => void;
  readonly onFailed: (error: VmnetxError) => void;
}

/**
 * Starts a machine: its folder, its mount, its domain. Each is registered with `disposal` when it is
 * acquired, so that disposing follows the order of giving up: first nobody waits for bytes any more,
 * then the domain goes, then the mount, then the folder.
 *
 * @param disposal the caller's, who disposes of it, also when this fails
 * @returns absolute path of the unix socket of the machine's VNC server
 */
export async function runMachine(
  found: MachinePackage,
  connection: Connection,
  options: RunOptions,
  listener: RunListener,
  disposal: Disposal,
  signal: AbortSignal,
): Promise<string> {
  const id = randomBytes(4).toString('hex');
  const name = `vmnetx-${id}`;
  const folder = join(requireRuntimeDirectory(options.environment), id);
  const mountPoint = join(folder, 'mount');
  const displaySocket = join(folder, 'display');

  disposal.add('the folder of the machine', FOLDER_MILLISECONDS, () =>
    rm(folder, { recursive: true, force: true }),
  );
  await makeFolder(mountPoint);
  const vmnetfs = await mountPackage(
    found,
    options.environment,
    { directory: mountPoint, removeAfter: folder },
    { ...listener, onFetchFailed: listener.onFailed, onLost: listener.onFailed },
    signal,
  );
  disposal.add('the mount', UNMOUNT_MILLISECONDS, () => vmnetfs.unmount());

  const emulator = await confinedEmulator(folder, options.network);
  const placement: Placement = {
    id,
    title: found.package.name,
    uuid: randomUUID(),
    accelerator: options.accelerator,
    emulator: emulator.path,
    variables: emulator.variables,
    resumes: false,
    labelled: await allowsLabel(),
    diskPath: join(mountPoint, 'disk'),
    displaySocket,
    consoleSocket: options.consoleSocket,
    network: options.network,
  };
  listener.onBooting();
  const starting = startDomain(
    connection,
    generateDomain(found.machine, placement),
    hostNeeds(found.machine, placement),
    () => vmnetfs.limitWait(),
  );
  disposal.add('the domain', DESTROY_MILLISECONDS, async () => {
    await vmnetfs.failWaiting().catch(() => undefined);
    await starting.catch(() => undefined);
    await destroyDomain(connection, name);
  });
  const unwatch = watchDomain(connection, name, vmnetfs, listener);
  disposal.add('the events of the domain', 0, () => {
    unwatch();
    return Promise.resolve();
  });
  await untilAborted(starting, signal);
  return displaySocket;
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw fileError(path, error);
  }
}
