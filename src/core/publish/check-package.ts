import { openSource } from '../fetch/index.js';
import { parseDomain } from '../machine/index.js';
import { readSavedMemory } from '../memory/index.js';
import { openPackage } from '../package/index.js';

/**
 * Reads a package that was written as everybody will who opens it, but for the contents of its images.
 *
 * @throws VmnetxError
 */
export async function checkPackage(path: string, signal: AbortSignal): Promise<void> {
  const source = await openSource({ kind: 'file', path, label: path }, { signal });
  try {
    const { domainXml, memory } = await openPackage(source, signal);
    const machine = parseDomain(domainXml);
    if (memory === null) return;
    const place = { offset: memory.offset, length: memory.storedBytes };
    await readSavedMemory(source, place, machine, signal);
  } finally {
    await source.close();
  }
}
