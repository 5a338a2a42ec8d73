import { fail } from '../errors/index.js';
import {
  MAX_REFERENCE_BYTES,
  parseReference,
  type Location,
  type PackageUrl,
} from '../reference/index.js';
import { openSource, type OpenOptions } from './open-source.js';
import type { OpenedSource } from './opened-source.js';

/** A package that is open; whoever has it closes its source. */
export interface ResolvedPackage {
  /** What the user named, as shown: a path, or a URL without credentials and query. */
  readonly location: string;
  /** Address of the package, without credentials and query, or null for a file here. */
  readonly url: string | null;
  /** Where the package itself is, for whoever opens it once more, with `source.access()`. */
  readonly place: Location;
  readonly source: OpenedSource;
}

const PACKAGE_MAGIC = Buffer.from('PK\u0003\u0004', 'latin1');

/**
 * Opens the package that a location names, directly or by a reference: its content tells which.
 * A reference names a package, never another reference.
 *
 * @throws VmnetxError `reference-…`, `package-not-zip`, and what {@link openSource} throws
 */
export async function resolveLocation(
  location: Location,
  options: Omit<OpenOptions, 'wholeUpTo'>,
): Promise<ResolvedPackage> {
  const first = await openSource(location, { ...options, wholeUpTo: MAX_REFERENCE_BYTES });
  if (isPackage(first) && first.ranged) {
    const url = location.kind === 'url' ? location.url.label : null;
    return { location: location.label, url, place: location, source: first };
  }

  const url = await readReference(first, location, options.signal).finally(() => first.close());
  const place: Location = { kind: 'url', url, label: url.label };
  const source = await openSource(place, { ...options, access: first.onwardAccess() });
  if (isPackage(source)) return { location: location.label, url: url.label, place, source };
  await source.close();
  throw fail('package-not-zip', { location: url.label });
}

function isPackage({ head }: OpenedSource): boolean {
  return head.subarray(0, PACKAGE_MAGIC.length).equals(PACKAGE_MAGIC);
}

async function readReference(
  source: OpenedSource,
  location: Location,
  signal: AbortSignal,
): Promise<PackageUrl> {
  // Something that came as a whole may have been a package or what a server puts in its place.
  if (!source.ranged && location.kind === 'url' && !/^\ufeff?\s*</.test(source.head.toString())) {
    throw fail('server-no-ranges', { host: location.url.host });
  }
  const length = Math.min(source.size, MAX_REFERENCE_BYTES + 1);
  return parseReference(await source.read(0, length, signal), location.label);
}
