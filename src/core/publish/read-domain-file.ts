import { readFile } from 'node:fs/promises';
import { fileError } from '../errors/index.js';
import { readDomainForPublishing, type PublishableDomain } from '../machine/index.js';

/**
 * Reads the domain XML of a publisher's machine and turns it into the form that a package holds.
 * Nothing is written, and the disk is not looked at.
 *
 * @param say is told each change, in a sentence, also when the rest is refused
 * @throws VmnetxError `domain-…`, `host-…`
 */
export async function readDomainFile(
  path: string,
  say: (change: string) => void,
): Promise<PublishableDomain> {
  let xml: Buffer;
  try {
    xml = await readFile(path);
  } catch (error) {
    throw fileError(path, error);
  }
  return readDomainForPublishing(xml, say);
}
