import { join } from 'node:path';
import { fail } from '../errors/index.js';
import { writePackagedDomain, type PublishableDomain } from '../machine/index.js';
import type { Environment } from '../places/index.js';
import { cleanText } from '../text/index.js';
import { checkPackage } from './check-package.js';
import type { MachineLocation } from './machine-location.js';
import { readMemoryToPack, type MemoryToPack } from './memory-to-pack.js';
import { packMemory } from './pack-memory.js';
import { prepareDisk } from './prepare-disk.js';
import { readPublishersMachine, type Say } from './publishers-machine.js';
import { writeThroughScratch } from './scratch.js';
import { isStale } from './stale-memory.js';
import { rememberFiles } from './unchanged.js';
import { writePackageTo, type PackageToWrite } from './write-package.js';

/** What is being done, and how much of it, from 0 to 1. */
export interface PublishProgress {
  readonly step: 'packing-memory' | 'copying-disk' | 'writing-package';
  readonly fraction: number;
  /** All that is to be done in this step; null where only the fraction is known. */
  readonly totalBytes: number | null;
}

export interface Publication {
  readonly machine: MachineLocation;
  /** Whether memory that was saved with the machine is packed, too. */
  readonly savedMemory: boolean;
  /** Shown to everybody who opens the machine. */
  readonly name: string;
  /** Whether disk and memory are compressed. */
  readonly compress: boolean;
  readonly outPath: string;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  /** Is told in a sentence what is about to be done with the machine, or may be wrong with it. */
  readonly announce: (sentence: string) => void;
  readonly onProgress?: (progress: PublishProgress) => void;
}

/** The longest name, in characters; that of a package has the same limit. */
const MAX_NAME_CHARACTERS = 200;

/**
 * Makes a package of a machine that does not run, with the memory that was saved with it; a machine
 * of libvirt that runs is saved first. The publisher's disk and memory are only read.
 *
 * @returns what is different from the publisher's machine, a sentence for each
 * @throws VmnetxError `domain-…`, `host-…`, `image-unreadable`, `image-changed`, `memory-not-packed`,
 *   `usage-arguments`
 */
export async function publishPackage(publication: Publication): Promise<readonly string[]> {
  const { outPath } = publication;
  const name = cleanText(publication.name.trim(), MAX_NAME_CHARACTERS);
  if (name === '') {
    throw fail('usage-arguments', { command: 'vmnetx-generate', reason: 'the name is empty' });
  }
  const changes: string[] = [];
  // The folder comes first: no machine is saved for a package that cannot be written.
  await writeThroughScratch(outPath, (scratch) =>
    pack(scratch, { ...publication, name }, (change) => changes.push(change)),
  );
  return changes;
}

/** Makes the package in a folder, and returns its path. */
async function pack(scratch: string, publication: Publication, say: Say): Promise<string> {
  const { name, outPath, savedMemory, signal } = publication;
  const running = savedMemory ? 'save' : 'refuse';
  const found = await readPublishersMachine(publication.machine, { ...publication, running, say });
  const { domain } = found;
  const memoryPath = savedMemory ? found.memoryPath : null;
  const checkUnchanged = await rememberFiles(
    memoryPath === null ? [domain.diskPath] : [domain.diskPath, memoryPath],
  );
  const memory =
    memoryPath === null ? null : await readMemoryToPack(memoryPath, domain, say, signal);
  if (memory !== null) await announceMemory(memory.path, domain.diskPath, publication);
  const images = await prepareImages(scratch, domain, memory, publication);
  const path = join(scratch, 'package');
  const domainXml = packagedXml(domain, memory);
  const onProgress = reportTo(publication, 'writing-package');
  await writePackageTo(path, { name, domainXml, ...images, outPath, signal, onProgress });
  await checkPackage(path, signal);
  await checkUnchanged();
  return path;
}

async function announceMemory(
  memoryPath: string,
  diskPath: string,
  { announce }: Publication,
): Promise<void> {
  announce(`The machine’s memory is packed, too: ${memoryPath}.`);
  if (await isStale(memoryPath, diskPath)) {
    announce(
      `The disk ${diskPath} was changed after the memory was saved. If a guest did that, going on from ` +
        'the memory damages what is on the disk: leave it out by --no-memory.',
    );
  }
}

/** A CPU that is that of the publisher's computer is, for the memory, the one it was saved with. */
function packagedXml(domain: PublishableDomain, memory: MemoryToPack | null): string {
  return memory !== null && domain.hasHostCpu
    ? writePackagedDomain({ ...domain.machine, cpu: memory.machine.cpu })
    : domain.domainXml;
}

/** The memory comes first: it is refused for more than a disk. */
async function prepareImages(
  scratch: string,
  domain: PublishableDomain,
  memory: MemoryToPack | null,
  publication: Publication,
): Promise<Pick<PackageToWrite, 'disk' | 'memory'>> {
  const { compress, signal, onProgress } = publication;
  const memoryPath = join(scratch, 'memory');
  if (memory !== null) {
    const onMemory = reportTo(publication, 'packing-memory');
    await packMemory(memory, { compress, outPath: memoryPath, signal, onProgress: onMemory });
  }
  const diskPath = join(scratch, 'disk');
  await prepareDisk({
    path: domain.diskPath,
    format: domain.diskFormat,
    compress,
    outPath: diskPath,
    signal,
    onProgress: (fraction) => onProgress?.({ step: 'copying-disk', fraction, totalBytes: null }),
  });
  return { disk: { path: diskPath }, memory: memory === null ? null : { path: memoryPath } };
}

function reportTo({ onProgress }: Publication, step: PublishProgress['step']) {
  return (done: number, total: number): void =>
    onProgress?.({ step, fraction: done / total, totalBytes: total });
}
