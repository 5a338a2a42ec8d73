import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Accelerator } from '../accelerator/index.js';
import { Disposal } from '../disposal/index.js';
import { fail, type VmnetxError } from '../errors/index.js';
import { openConnection, type Connection, type Domain } from '../libvirt/index.js';
import { generateDomain } from '../machine/index.js';
import { places, type Environment } from '../places/index.js';
import { Vmnetfs } from '../vmnetfs/index.js';
import { mountRequest } from './mount-request.js';
import type { MachinePackage } from './read-machine.js';

/** Bounds of giving up, in milliseconds; together they stay below five seconds. */
const DESTROY_MILLISECONDS = 2000;
const UNMOUNT_MILLISECONDS = 3500;
const CLOSE_MILLISECONDS = 1000;

export interface RunOptions {
  readonly accelerator: Accelerator;
  /** Whether the guest may reach the network. */
  readonly network: boolean;
  readonly environment: Environment;
  /** An absolute path on which the machine's serial console listens, or null for none. */
  readonly console: string | null;
}

export interface RunListener {
  /** The domain is about to be started. */
  readonly onBooting: () => void;
  /** The guest shut itself down, or somebody stopped the domain. */
  readonly onEnded: () => void;
  readonly onFailed: (error: VmnetxError) => void;
}

/** A machine that runs, and everything that belongs to it. */
export interface RunningMachine {
  /** Absolute path of the unix socket of its VNC server. */
  readonly displaySocket: string;
}

/**
 * Starts a machine: its folder, its mount, its domain, each registered with `disposal` as soon as it
 * exists, so that disposing follows the order of giving up: first nobody waits for bytes any more,
 * then the domain goes, then the mount, then the folder.
 *
 * @param disposal the caller's; it is disposed of by the caller, also when this fails
 */
export async function runMachine(
  machine: MachinePackage,
  options: RunOptions,
  listener: RunListener,
  disposal: Disposal,
  signal: AbortSignal,
): Promise<RunningMachine> {
  const place = places(options.environment);
  const id = randomBytes(4).toString('hex');
  const folder = join(place.runtime, id);
  const mountPoint = join(folder, 'mount');
  const displaySocket = join(folder, 'display');

  await mkdir(mountPoint, { recursive: true, mode: 0o700 });
  disposal.add('the runtime folder', CLOSE_MILLISECONDS, () =>
    rm(folder, { recursive: true, force: true }),
  );
  const vmnetfs = await Vmnetfs.mount(
    mountRequest(machine.source, machine.package, place, {
      directory: mountPoint,
      removeAfter: folder,
    }),
    { onFetchFailed: listener.onFailed, onLost: listener.onFailed },
    signal,
  );
  disposal.add('the mount', UNMOUNT_MILLISECONDS, () => vmnetfs.unmount());

  const connection = await openConnection({ signal });
  disposal.add('the connection to libvirt', CLOSE_MILLISECONDS, () => connection.close());
  signal.throwIfAborted();
  listener.onBooting();

  const name = `vmnetx-${id}`;
  watch(connection, name, vmnetfs, listener);
  const xml = generateDomain(machine.machine, {
    id,
    title: machine.package.name,
    accelerator: options.accelerator,
    disk: join(mountPoint, 'disk'),
    displaySocket,
    network: options.network ? 'full' : 'none',
    console: options.console,
  });
  disposal.add('the domain', DESTROY_MILLISECONDS + CLOSE_MILLISECONDS, async () => {
    await vmnetfs.failWaiting().catch(() => undefined);
    await destroyByName(connection, name);
  });
  await connection.createDomain(xml, { autodestroy: true });
  signal.throwIfAborted();
  return { displaySocket };
}
