import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../places/index.js';

/** Where libvirt keeps what `virsh managedsave` writes; no call of libvirt tells it. */
export function savesFolder(uri: string, environment: Environment): string {
  if (new URL(uri).pathname === '/system') return '/var/lib/libvirt/qemu/save';
  const configuration = environment['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
  return join(configuration, 'libvirt/qemu/save');
}

/** The saved memory of a machine in such a folder; null where no file there can have its name. */
export function saveIn(folder: string, name: string): string | null {
  return /^[^/\0]+$/.test(name) ? join(folder, `${name}.save`) : null;
}
