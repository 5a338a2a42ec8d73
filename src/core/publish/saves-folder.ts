import { dirname, join } from 'node:path';
import { configDirectory, type Environment } from '../places/index.js';

/** Where libvirt keeps what `virsh managedsave` writes; no call of libvirt tells it. */
export interface SavesFolder {
  readonly path: string;
  /** Where the same libvirt keeps its machines' domain XML; null where only root may read that. */
  readonly definitions: string | null;
}

export function savesFolder(uri: string, environment: Environment): SavesFolder {
  if (new URL(uri).pathname === '/system') {
    return { path: '/var/lib/libvirt/qemu/save', definitions: null };
  }
  const definitions = join(dirname(configDirectory(environment)), 'libvirt/qemu');
  return { path: join(definitions, 'save'), definitions };
}

/** The saved memory of a machine in such a folder; null where no file there can have its name. */
export function saveIn(folder: string, name: string): string | null {
  return /^[^/\0]+$/.test(name) ? join(folder, `${name}.save`) : null;
}
