import { execFile } from 'node:child_process';
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Desktop } from '../../test/e2e/support/desktop.js';
import { GuestConsole } from '../../test/e2e/support/guest-console.js';
import type { BenchGuest } from './guest.js';
import { firstCount, type Resumed } from './window.js';

const run = promisify(execFile);

/** What packages call it. */
const DOMAIN = 'machine';

/**
 * What somebody does who has no VMNetX: downloads the saved memory, of which its disk was long there,
 * and restores it.
 */
export async function downloadAndRestore(
  url: string,
  desktop: Desktop,
  guest: BenchGuest,
): Promise<Resumed> {
  const file = (name: string): string => join(desktop.folder, name);
  const [disk, console, memory, xml] = ['disk', 'restored', 'memory', 'xml'].map(file);
  if (disk === undefined || console === undefined || memory === undefined || xml === undefined) {
    throw new RangeError('There are four names');
  }
  await copyFile(guest.disk, disk);
  const saved = await desktop.virsh('save-image-dumpxml', join(guest.served, guest.memory));
  const placed = saved
    .replace(guest.disk, disk)
    .replace(/(<serial type='unix'>\s*<source mode='bind' path=)'[^']*'/, `$1'${console}'`);
  await writeFile(xml, placed);
  const begin = performance.now();
  try {
    await run('curl', ['-sSf', '-o', memory, url]);
    const downloaded = performance.now();
    const restoring = desktop.virsh('restore', memory, '--xml', xml);
    const [opened] = await Promise.all([GuestConsole.open(console), restoring]);
    using shell = opened;
    await firstCount(shell, guest.count);
    const milliseconds = performance.now() - begin;
    const split = new Map([
      ['downloading', downloaded - begin],
      ['restoring', milliseconds - (downloaded - begin)],
    ]);
    return { milliseconds, split };
  } finally {
    await desktop.virsh('destroy', DOMAIN).catch(() => undefined);
    for (const path of [disk, memory, console]) await rm(path, { force: true });
  }
}
