import { dirname, join } from 'node:path';
import { configDirectory, type Environment } from '../places/index.js';

/** Where libvirt keeps what `virsh managedsave` writes; no call of libvirt tells it. */
export function savesFolder(uri: string, environment: Environment): string {
  if (new URL(uri).pathname === '/system') return '/var/lib/libvirt/qemu/save';
  return join(dirname(configDirectory(environment)), 'libvirt/qemu/save');
}

/** The saved memory of a machine in such a folder; null where no file there can have its name. */
export function saveIn(folder: string, name: string): string | null {
  return /^[^/\0]+$/.test(name) ? join(folder, `${name}.save`) : null;
}
