import { join } from 'node:path';
import type { Member } from '../package/index.js';
import {
  cacheDirectory,
  runtimeDirectory,
  stateDirectory,
  type Environment,
} from '../places/index.js';
import { readCacheLimit } from '../settings/index.js';
import { Vmnetfs, type ImageRequest, type VmnetfsListener } from '../vmnetfs/index.js';
import type { FoundPackage } from './read-machine.js';

/**
 * Mounts the images of a package as files `disk` and, if it has one, `memory`.
 *
 * @param directory an empty folder
 * @param removeAfter a folder that goes with the mount, or null
 * @throws VmnetxError
 */
export async function mountPackage(
  { place, source, package: found }: FoundPackage,
  environment: Environment,
  { directory, removeAfter }: { readonly directory: string; readonly removeAfter: string | null },
  listener: VmnetfsListener,
  signal: AbortSignal,
): Promise<Vmnetfs> {
  const { disk, memory, name, directoryDigest } = found;
  const { bytes: limitBytes } = await readCacheLimit(environment);
  const images = [imageOf('disk', disk), ...(memory === null ? [] : [imageOf('memory', memory)])];
  return Vmnetfs.mount(
    {
      package: place.kind === 'file' ? { path: place.path } : { href: place.url.href },
      access: source.access(),
      expected: { sizeBytes: source.size, validators: source.validators, name, directoryDigest },
      directory,
      store: {
        cacheDirectory: cacheDirectory(environment),
        runtimeDirectory: runtimeDirectory(environment),
        limitBytes,
      },
      overlayDirectory: join(stateDirectory(environment), 'sessions'),
      removeAfter,
      images,
    },
    listener,
    signal,
  );
}

function imageOf(name: ImageRequest['name'], member: Member): ImageRequest {
  const { name: inPackage, offset, storedBytes: sizeBytes, crc32 } = member;
  return { name, member: inPackage, offset, sizeBytes, crc32 };
}
