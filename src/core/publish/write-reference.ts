import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../errors/index.js';
import { formatReference, parsePackageUrl } from '../reference/index.js';
import { writeThroughScratch } from './scratch.js';

/**
 * Writes a reference file (`*.netx`) that names the package at `url`.
 *
 * @throws VmnetxError `reference-url-refused`, `reference-remote-machine`, `host-…`
 */
export async function writeReference(url: string, outPath: string): Promise<void> {
  const checked = parsePackageUrl(url);
  if (checked.credentials !== null) {
    const reason = 'everybody could read its name and password in the reference';
    throw fail('reference-url-refused', { url: checked.label, reason });
  }
  await writeThroughScratch(outPath, async (scratch) => {
    const path = join(scratch, 'reference');
    await writeFile(path, formatReference(checked), { flag: 'wx' });
    return path;
  });
}
