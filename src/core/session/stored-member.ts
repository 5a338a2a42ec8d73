import { CHUNK_BYTES } from '../image/index.js';
import type { Member, Package } from '../package/index.js';
import type { ImageDescription } from '../store/index.js';

/**
 * What the store knows an image of a package by.
 *
 * @param url of the package, without credentials and query
 */
export function storedMember(
  url: string,
  { directoryDigest, name: machineName }: Package,
  { name: member, storedBytes: sizeBytes, crc32 }: Member,
): ImageDescription {
  return { url, directoryDigest, machineName, member, sizeBytes, chunkBytes: CHUNK_BYTES, crc32 };
}
