import { join } from 'node:path';
import { cacheDirectory, stateDirectory, type Environment } from '../places/index.js';
import { Vmnetfs, type ImageRequest, type VmnetfsListener } from '../vmnetfs/index.js';
import type { FoundPackage } from './read-machine.js';

/**
 * Mounts the images of a package as files `disk` and, if it has one, `memory`.
 *
 * @param directory an empty folder
 * @param removeAfter a folder that goes with the mount, or null
 * @throws VmnetxError
 */
export function mountPackage(
  { place, source, package: { disk, memory } }: FoundPackage,
  environment: Environment,
  { directory, removeAfter }: { readonly directory: string; readonly removeAfter: string | null },
  listener: VmnetfsListener,
  signal: AbortSignal,
): Promise<Vmnetfs> {
  const images: ImageRequest[] = [
    { name: 'disk', offset: disk.offset, sizeBytes: disk.storedBytes },
  ];
  if (memory !== null) {
    images.push({ name: 'memory', offset: memory.offset, sizeBytes: memory.storedBytes });
  }
  return Vmnetfs.mount(
    {
      package: place.kind === 'file' ? { path: place.path } : { href: place.url.href },
      expected: { sizeBytes: source.size, validators: source.validators },
      directory,
      cacheDirectory: cacheDirectory(environment),
      overlayDirectory: join(stateDirectory(environment), 'sessions'),
      removeAfter,
      images,
    },
    listener,
    signal,
  );
}
