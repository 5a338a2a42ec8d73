import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileError, VmnetxError } from '../errors/index.js';
import { readDomainForPublishing } from '../machine/index.js';
import type { PublishersMachine, Say } from './publishers-machine.js';
import { saveIn } from './saves-folder.js';

/**
 * Reads the machine that a domain XML describes, and looks for its memory where libvirt keeps both:
 * `save/NAME.save` beside the XML. Neither the memory nor the disk is looked at.
 *
 * @throws VmnetxError `domain-…`, `host-…`
 */
export async function readMachineFile(path: string, say: Say): Promise<PublishersMachine> {
  const domain = readDomainForPublishing(await readBytes(path), say);
  const save = saveIn(join(dirname(path), 'save'), domain.name);
  return { domain, memoryPath: save !== null && (await hasFile(save)) ? save : null };
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw fileError(path, error);
  }
}

async function hasFile(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (thrown) {
    const error = fileError(path, thrown);
    if (error instanceof VmnetxError && error.code === 'host-file-missing') return false;
    throw error;
  }
}
