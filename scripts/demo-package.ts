import { execFile } from 'node:child_process';
import { access, mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { command } from './command.js';
import { buildGuest } from './guest.js';

const run = promisify(execFile);

/**
 * Makes the package of the demo guest with `vmnetx-generate`, or finds the one that was made of the
 * same guest before. Its disk holds 512 MiB of incompressible data and is not compressed: firmware
 * reads single sectors, and each would decompress 64 KiB.
 *
 * @param say is told what takes time
 * @returns the path of the package
 */
export async function buildDemoPackage(say: (text: string) => void): Promise<string> {
  say('Building the demo machine, unless it is there already');
  const guest = await buildGuest('demo');
  const folder = join(dirname(dirname(guest.directory)), 'packages');
  const path = join(folder, `${basename(guest.directory)}.nxpk`);
  const there = await access(path).then(
    () => true,
    () => false,
  );
  if (there) return path;
  say('Packing the demo machine');
  await mkdir(folder, { recursive: true });
  for (const old of await readdir(folder)) await rm(join(folder, old), { recursive: true });
  await run(command('vmnetx-generate'), ['-n', 'VMNetX demo', '-u', guest.domainXml, path]);
  return path;
}
