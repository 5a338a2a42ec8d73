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
  /** Null also where it is not to be used. */
  readonly memory: SavedMemory | null;
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
 * Finds, reads and checks a package as far as can be done without starting anything.
 *
 * @param savedState whether the machine is to go on where it was saved; if not, nothing of its memory
 *   is looked at
 * @throws VmnetxError for everything in the package that keeps the machine from running
 */
export async function readMachine(
  text: string,
  signal: AbortSignal,
  listener: ReadingListener,
  access: Access | null = null,
  savedState = true,
): Promise<MachinePackage> {
  const found = await findPackage(text, signal, listener, access);
  try {
    const { disk: diskMember, memory: memoryMember } = found.package;
    const machine = parseDomain(found.package.domainXml);
    const { format } = machine.disk;
    const disk = await inspectDisk(found.source, placeOf(diskMember), format, signal);
    const memory =
      memoryMember === null || !savedState
        ? null
        : await readSavedMemory(found.source, placeOf(memoryMember), machine, signal);
    return { ...found, machine, disk, memory };
  } catch (error) {
    await found.source.close();
    throw error;
  }
}

function placeOf({ offset, storedBytes: length }: Member): ByteRange {
  return { offset, length };
}
