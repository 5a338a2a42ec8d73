import {
  readDomainForPublishing,
  type PublishableDomain,
} from '../../../../src/core/machine/index.js';

/** What the publisher's reader makes of a domain XML, and all that it says. */
export function publish(
  xml: Uint8Array | string,
): PublishableDomain & { readonly changes: readonly string[] } {
  const changes: string[] = [];
  const domain = readDomainForPublishing(xml, (change) => changes.push(change));
  return { ...domain, changes };
}
