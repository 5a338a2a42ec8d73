import { fail } from '../errors/index.js';
import { resolveLocation, type ResolvedPackage } from '../fetch/index.js';
import { inspectDisk, type DiskImage } from '../image/index.js';
import { parseDomain, type Machine } from '../machine/index.js';
import { openPackage, type Package } from '../package/index.js';
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

/** What is told while a machine is being read. */
export interface ReadingProgress {
  /** The package was found; now it is read. */
  readonly onFound?: () => void;
  readonly onName?: (name: string) => void;
}

/**
 * Finds a package and reads what is in it.
 *
 * @param text what the user named: a path, a URL, a link
 * @throws VmnetxError
 */
export async function findPackage(
  text: string,
  signal: AbortSignal,
  progress: ReadingProgress = {},
): Promise<FoundPackage> {
  const resolved = await resolveLocation(parseLocation(text, process.cwd()), signal);
  try {
    progress.onFound?.();
    const found = await openPackage(resolved.source, signal);
    progress.onName?.(found.name);
    return { ...resolved, package: found };
  } catch (error) {
    await resolved.source.close();
    throw error;
  }
}

/**
 * Finds, reads and checks a package as far as can be done without starting anything.
 *
 * @throws VmnetxError for everything in the package that keeps the machine from running
 */
export async function readMachine(
  text: string,
  signal: AbortSignal,
  progress: ReadingProgress = {},
): Promise<MachinePackage> {
  const found = await findPackage(text, signal, progress);
  try {
    if (found.package.memory !== null) throw fail('memory-not-yet', {});
    const machine = parseDomain(found.package.domainXml);
    const { offset, storedBytes: length } = found.package.disk;
    const disk = await inspectDisk(found.source, { offset, length }, machine.disk.format, signal);
    return { ...found, machine, disk };
  } catch (error) {
    await found.source.close();
    throw error;
  }
}
