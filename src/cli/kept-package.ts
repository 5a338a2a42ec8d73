import { newAccess, openSource } from '../core/fetch/index.js';
import { fail } from '../core/errors/index.js';
import {
  MAX_REFERENCE_BYTES,
  parseLocation,
  parseReference,
  type Location,
} from '../core/reference/index.js';
import { readReach } from '../core/session/index.js';
import type { ChunkStore, KeptImage } from '../core/store/index.js';

/**
 * The images in the store of the package that a user names: by its address, or by a reference to it.
 * Only a reference that lies on a web server needs the network.
 *
 * @throws VmnetxError `store-nothing-kept`, `reference-…`, and what reading a reference throws
 */
export async function findKept(
  store: ChunkStore | null,
  text: string,
  signal: AbortSignal,
): Promise<readonly KeptImage[]> {
  const location = parseLocation(text, process.cwd());
  const kept = (await store?.list()) ?? [];
  const direct = kept.filter(({ description: { url } }) => url === location.label);
  if (direct.length > 0) return direct;

  const address = await addressIn(location, signal);
  const named = kept.filter(({ description: { url } }) => url === address);
  if (named.length > 0) return named;
  throw fail('store-nothing-kept', { location: location.label });
}

/** The address that a reference names; null for what begins as a package does. */
async function addressIn(location: Location, signal: AbortSignal): Promise<string | null> {
  const access = newAccess(await readReach(false, process.env));
  const source = await openSource(location, { signal, access, wholeUpTo: MAX_REFERENCE_BYTES });
  try {
    if (source.head.toString('latin1', 0, 2) === 'PK') return null;
    const length = Math.min(source.size, MAX_REFERENCE_BYTES + 1);
    return parseReference(await source.read(0, length, signal), location.label).label;
  } finally {
    await source.close();
  }
}
