import type { VmnetxError } from '../errors/index.js';
import {
  resolveLocation,
  type Access,
  type LoginHandler,
  type ResolvedPackage,
} from '../fetch/index.js';
import { inspectDisk, type ByteRange, type DiskImage } from '../image/index.js';
import { parseDomain, type Machine } from '../machine/index.js';
import { readSavedMemory, type SavedMemory } from '../memory/index.js';
import { openPackage, type Member, type Package } from '../package/index.js';
import { parseLocation } from '../reference/index.js';

/** A package that was found and whose directory was read. Whoever has it closes its source. */
export interface FoundPackage extends ResolvedPackage {
  readonly package: Package;
}

/** A package that was found, read and checked; nothing runs yet. */
export interface MachinePackage extends FoundPackage {
  readonly machine: Machine;
  readonly disk: DiskImage;
}

/** What is asked and told while a machine is being read. */
export interface ReadingListener {
  readonly onLogin: LoginHandler;
  /** The package was found; now it is read. */
  readonly onFound?: () => void;
  readonly onName?: (name: string) => void;
  /** Told of each failure after which something is asked for again. */
  readonly onRetry?: (error: VmnetxError) => void;
}

/**
 * Finds a package and reads what is in it.
 *
 * @param text what the user named: a path, a URL, a link
 * @param access what an earlier reading gathered, so that nobody is asked again
 * @throws VmnetxError
 */
export async function findPackage(
  text: string,
  signal: AbortSignal,
  { onLogin, onFound, onName, onRetry }: ReadingListener,
  access: Access | null = null,
): Promise<FoundPackage> {
  const location = parseLocation(text, process.cwd());
  const more = {
    ...(access === null ? {} : { access }),
    ...(onRetry === undefined ? {} : { onRetry }),
  };
  const resolved = await resolveLocation(location, { signal, onLogin, ...more });
  try {
    onFound?.();
    const found = await openPackage(resolved.source, signal);
    onName?.(found.name);
    return { ...resolved, package: found };
  } catch (error) {
    await resolved.source.close();
    throw error;
  }
}

/**
 * Finds, reads and checks a package as far as can be done without starting anything, but for the memory
 * of a machine that was saved while it ran.
 *
 * @throws VmnetxError for everything in the package that keeps the machine from running
 */
export async function readMachine(
  text: string,
  signal: AbortSignal,
  listener: ReadingListener,
  access: Access | null = null,
): Promise<MachinePackage> {
  const found = await findPackage(text, signal, listener, access);
  try {
    const machine = parseDomain(found.package.domainXml);
    const { format } = machine.disk;
    const disk = await inspectDisk(found.source, placeOf(found.package.disk), format, signal);
    return { ...found, machine, disk };
  } catch (error) {
    await found.source.close();
    throw error;
  }
}

/**
 * Reads and checks what a package says of its machine's memory.
 *
 * @returns null for a machine that was shut down
 * @throws VmnetxError `memory-…`, or what keeps the package from being read
 */
export async function readMemory(
  { source, machine, package: { memory } }: MachinePackage,
  signal: AbortSignal,
): Promise<SavedMemory | null> {
  return memory === null ? null : readSavedMemory(source, placeOf(memory), machine, signal);
}

function placeOf({ offset, storedBytes: length }: Member): ByteRange {
  return { offset, length };
}
