import type { Log } from '../log/index.js';
import type { FoundPackage } from './read-machine.js';

/** Writes down which package was found, in which version. */
export function logPackage(
  { location, url, source, package: found }: FoundPackage,
  log: Log,
): void {
  const { etag, lastModified } = source.validators;
  log.info('The package was found', {
    location,
    url,
    name: found.name,
    bytes: found.sizeBytes,
    directoryDigest: found.directoryDigest,
    etag,
    lastModified,
  });
}
