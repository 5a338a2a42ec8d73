import { readdir, readFile } from 'node:fs/promises';

/**
 * Kills the QEMU of a domain of this user: one that does not answer keeps libvirt waiting. libvirt
 * gives every QEMU the option `-name guest=NAME,…`.
 */
export async function killQemu(domain: string): Promise<void> {
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const words = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '');
    if (!words.split('\0').some((word) => word.startsWith(`guest=${domain},`))) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended in the meantime.
    }
  }
}
