import { join } from 'node:path';
import { fail } from '../errors/index.js';
import { cleanText } from '../text/index.js';
import { prepareDisk } from './prepare-disk.js';
import { readDomainFile } from './read-domain-file.js';
import { writeThroughScratch } from './scratch.js';
import { writePackageTo } from './write-package.js';

/** What is being done, and how much of it, from 0 to 1. */
export interface PublishProgress {
  readonly step: 'copying-disk' | 'writing-package';
  readonly fraction: number;
}

export interface Publication {
  /** The publisher's domain XML; it names the disk. */
  readonly domainXmlPath: string;
  /** Shown to everybody who opens the machine. */
  readonly name: string;
  /** Whether the disk is compressed. */
  readonly compress: boolean;
  readonly outPath: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: PublishProgress) => void;
}

/** The longest name, in characters; that of a package has the same limit. */
const MAX_NAME_CHARACTERS = 200;

/**
 * Makes a package of a machine that is shut down. The publisher's disk is only read.
 *
 * @returns what is different from the publisher's domain XML, a sentence for each
 * @throws VmnetxError `domain-…`, `host-…`, `image-unreadable`, `usage-arguments`
 */
export async function publishPackage(publication: Publication): Promise<readonly string[]> {
  const { outPath, compress, signal, onProgress } = publication;
  const name = cleanText(publication.name.trim(), MAX_NAME_CHARACTERS);
  if (name === '') {
    throw fail('usage-arguments', { command: 'vmnetx-generate', reason: 'the name is empty' });
  }
  const changes: string[] = [];
  const domain = await readDomainFile(publication.domainXmlPath, (change) => changes.push(change));
  await writeThroughScratch(outPath, async (scratch) => {
    const disk = join(scratch, 'disk');
    await prepareDisk({
      path: domain.diskPath,
      format: domain.diskFormat,
      compress,
      outPath: disk,
      signal,
      onProgress: (fraction) => onProgress?.({ step: 'copying-disk', fraction }),
    });
    const path = join(scratch, 'package');
    await writePackageTo(path, {
      name,
      domainXml: domain.domainXml,
      disk: { path: disk },
      outPath,
      signal,
      onProgress: (done, total) =>
        onProgress?.({ step: 'writing-package', fraction: done / total }),
    });
    return path;
  });
  return changes;
}
