import { join } from 'node:path';
import type { Log } from '../log/index.js';
import type { Member } from '../package/index.js';
import { stateDirectory, type Environment } from '../places/index.js';
import { storeOptions } from '../store/index.js';
import { Vmnetfs, type ImageRequest, type VmnetfsListener } from '../vmnetfs/index.js';
import type { FoundPackage } from './read-machine.js';

/** All of an image is wanted for later: that is not to fill a line which others use, too. */
const WHOLE_BYTES_PER_SECOND = 8 * 1024 * 1024;

export interface MountPlace {
  /** An empty folder. */
  readonly directory: string;
  /** A folder that goes with the mount, or null. */
  readonly removeAfter: string | null;
  /** Mount only the disk; no, if it is left out. */
  readonly diskOnly?: boolean;
  /** Fetch also what nobody reads, when there is nothing else to do; no, if it is left out. */
  readonly whole?: boolean;
  /** Where it is written down what becomes of the mount. */
  readonly log: Log;
}

/**
 * Mounts the images of a package as files `disk` and, if it has one that is not empty, `memory`.
 *
 * @throws VmnetxError
 */
export async function mountPackage(
  { place, source, package: found }: FoundPackage,
  environment: Environment,
  { directory, removeAfter, diskOnly = false, whole = false, log }: MountPlace,
  listener: VmnetfsListener,
  signal: AbortSignal,
): Promise<Vmnetfs> {
  const { disk, memory, name, directoryDigest } = found;
  const isMounted = memory !== null && memory.storedBytes > 0 && !diskOnly;
  const images = [imageOf('disk', disk), ...(isMounted ? [imageOf('memory', memory)] : [])];
  return Vmnetfs.mount(
    {
      package: place.kind === 'file' ? { path: place.path } : { href: place.url.href },
      access: source.access(),
      expected: { sizeBytes: source.size, validators: source.validators, name, directoryDigest },
      directory,
      store: await storeOptions(environment),
      overlayDirectory: join(stateDirectory(environment), 'sessions'),
      removeAfter,
      images,
      idleBytesPerSecond: whole ? WHOLE_BYTES_PER_SECOND : 0,
      log: log.place,
    },
    listener,
    signal,
  );
}

function imageOf(name: ImageRequest['name'], member: Member): ImageRequest {
  const { name: inPackage, offset, storedBytes: sizeBytes, crc32 } = member;
  return { name, member: inPackage, offset, sizeBytes, crc32 };
}
