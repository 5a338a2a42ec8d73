import { fail } from '../errors/index.js';
import { resolveLocation, type PackageSource } from '../fetch/index.js';
import { inspectDisk, type DiskImage } from '../image/index.js';
import { parseDomain, type Machine } from '../machine/index.js';
import { openPackage, type Package } from '../package/index.js';
import { parseLocation } from '../reference/index.js';

/** A package that was found, read and checked; nothing runs yet. */
export interface MachinePackage {
  /** What the user named, fit to be shown. */
  readonly location: string;
  /** The package's address without credentials and query, or null for a local file. */
  readonly url: string | null;
  /** Where the package's bytes come from; whoever asked for this closes it. */
  readonly source: PackageSource;
  readonly package: Package;
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
 * Finds, reads and checks a package as far as can be done without starting anything.
 *
 * @param text what the user named: a path, a URL, a link
 * @throws VmnetxError for everything that keeps the machine from running
 */
export async function readMachine(
  text: string,
  signal: AbortSignal,
  progress: ReadingProgress = {},
): Promise<MachinePackage> {
  const location = parseLocation(text, process.cwd());
  const { url, source } = await resolveLocation(location, signal);
  try {
    progress.onFound?.();
    const found = await openPackage(source, signal);
    progress.onName?.(found.name);
    if (found.memory !== null) throw fail('memory-not-yet', {});
    const machine = parseDomain(found.domainXml);
    const place = { offset: found.disk.offset, length: found.disk.storedBytes };
    const disk = await inspectDisk(source, place, machine.disk.format, signal);
    return { location: location.label, url, source, package: found, machine, disk };
  } catch (error) {
    await source.close();
    throw error;
  }
}
