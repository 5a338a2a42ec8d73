import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the kernel shows SELinux, if it has it. */
const SELINUX = '/sys/fs/selinux';

/**
 * Whether a QEMU with SELinux's label for virtual machines can read a disk on a FUSE mount: where
 * SELinux is not enforcing, or its switch for that (`virt_use_fusefs`) is on. A mount of the user's
 * cannot be labelled itself.
 */
export async function allowsLabel(folder = SELINUX): Promise<boolean> {
  if ((await firstWord(join(folder, 'enforce'))) !== '1') return true;
  return (await firstWord(join(folder, 'booleans/virt_use_fusefs'))) === '1';
}

/** Of a switch the first number is its state, the second what is pending; null for no such file. */
async function firstWord(path: string): Promise<string | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  return text?.trim().split(' ')[0] ?? null;
}
