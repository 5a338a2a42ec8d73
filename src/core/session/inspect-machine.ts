import { chooseAccelerator, type Accelerator, type AcceleratorWish } from '../accelerator/index.js';
import { newAccess, type LoginHandler, type Validators } from '../fetch/index.js';
import { describeMachine, type MachineDescription } from '../machine/index.js';
import type { Compression, SavedMemory } from '../memory/index.js';
import type { Environment } from '../places/index.js';
import { cachedBytesOf } from './cached-bytes.js';
import { readReach } from './reach.js';
import { readMachine, readMemory, type MachinePackage } from './read-machine.js';

/** What `vmnetx info` tells of a machine; sizes and offsets are bytes. */
export interface MachineInfo {
  readonly location: string;
  /** Without credentials and query; null for a file. */
  readonly url: string | null;
  readonly name: string;
  readonly format: 1;
  readonly packageBytes: number;
  readonly machine: MachineDescription & { readonly accelerator: Accelerator };
  readonly disk: {
    readonly member: string;
    readonly offset: number;
    readonly storedBytes: number;
    readonly format: 'qcow2' | 'raw';
    readonly virtualBytes: number;
  };
  /** Null where the machine was shut down. */
  readonly memory: {
    readonly member: string;
    readonly offset: number;
    readonly storedBytes: number;
    readonly compression: Compression;
    readonly ramBytes: number;
  } | null;
  readonly validators: Validators;
  /** How much of its images is kept here; null where that cannot be told. */
  readonly cachedBytes: number | null;
}

export interface HowToOpen {
  /** Whether somebody else chose the location. */
  readonly fromLink: boolean;
  /** Whether saved memory is looked at. */
  readonly savedState: boolean;
}

/**
 * Reads and checks a package as far as an open would, and starts nothing.
 *
 * @throws VmnetxError
 */
export async function inspectMachine(
  location: string,
  { fromLink, savedState }: HowToOpen,
  wish: AcceleratorWish,
  environment: Environment,
  onLogin: LoginHandler,
  signal: AbortSignal,
): Promise<MachineInfo> {
  const access = newAccess(await readReach(fromLink, environment));
  const found = await readMachine(location, signal, { onLogin }, access);
  const memory = await readMemoryIf(savedState, found, signal).finally(() => found.source.close());
  const { accelerator } = await chooseAccelerator(wish, environment, signal);
  const { name, offset, storedBytes } = found.package.disk;
  return {
    location: found.location,
    url: found.url,
    name: found.package.name,
    format: 1,
    packageBytes: found.package.sizeBytes,
    machine: { ...describeMachine(found.machine), accelerator },
    disk: { member: name, offset, storedBytes, ...found.disk },
    memory: describeMemory(memory, found),
    validators: found.source.validators,
    cachedBytes: await cachedBytesOf(found, environment),
  };
}

async function readMemoryIf(
  savedState: boolean,
  found: MachinePackage,
  signal: AbortSignal,
): Promise<SavedMemory | null> {
  return savedState ? readMemory(found, signal) : null;
}

function describeMemory(
  memory: SavedMemory | null,
  { package: found }: MachinePackage,
): MachineInfo['memory'] {
  if (memory === null || found.memory === null) return null;
  const { name: member, offset, storedBytes } = found.memory;
  const { compression, machine } = memory;
  return { member, offset, storedBytes, compression, ramBytes: machine.memoryBytes };
}
