import { cacheDirectory, runtimeDirectory, type Environment } from '../places/index.js';
import { ChunkStore } from '../store/index.js';
import type { FoundPackage } from './read-machine.js';
import { storedMember } from './stored-member.js';

/**
 * How many bytes of a package's images are in the store. Changes nothing, and never fails.
 *
 * @returns 0 for a local package, of which nothing is stored; null where the store cannot be read
 */
export async function cachedBytesOf(
  { url, package: found }: FoundPackage,
  environment: Environment,
): Promise<number | null> {
  if (url === null) return 0;
  let store: ChunkStore | null = null;
  try {
    store = await ChunkStore.find({
      cacheDirectory: cacheDirectory(environment),
      runtimeDirectory: runtimeDirectory(environment),
      limitBytes: null,
    });
    let bytes = 0;
    for (const member of [found.disk, found.memory]) {
      if (store === null || member === null) continue;
      bytes += await store.cachedBytes(storedMember(url, found, member));
    }
    return bytes;
  } catch {
    return null;
  } finally {
    await store?.close();
  }
}
