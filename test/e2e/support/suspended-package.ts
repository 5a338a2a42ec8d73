import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';

/** What a package of a machine that was saved while it ran consists of. */
export interface SuspendedParts {
  readonly name: string;
  /** Domain XML. */
  readonly domain: string;
  /** Paths. */
  readonly memory: string;
  readonly disk: string;
}

/** Packs a suspended machine into `NAME.nxpk` of the folder, as Info-ZIP does; returns its path. */
export async function packSuspended(folder: string, parts: SuspendedParts): Promise<string> {
  const path = join(folder, `${parts.name}.nxpk`);
  const scratch = await mkdtemp(join(folder, 'pack-'));
  try {
    const manifest = `<image xmlns="http://olivearchive.org/xmlns/vmnetx/package" name="${parts.name}">
  <domain path="domain.xml"/><memory path="memory.img"/><disk path="disk.img"/>
</image>`;
    await writeFile(join(scratch, 'vmnetx-package.xml'), manifest);
    await writeFile(join(scratch, 'domain.xml'), parts.domain);
    await symlink(parts.memory, join(scratch, 'memory.img'));
    await symlink(parts.disk, join(scratch, 'disk.img'));
    const members = ['vmnetx-package.xml', 'domain.xml', 'memory.img', 'disk.img'];
    await promisify(execFile)('zip', ['-q', '-0', path, ...members], { cwd: scratch });
  } finally {
    await rm(scratch, { recursive: true });
  }
  return path;
}
