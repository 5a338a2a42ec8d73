import type { Machine } from './machine.js';
import { parseTree, readDomain } from './read/domain.js';
import { STORED_DISK_PATH, STORED_NAME } from './vocabulary.js';

/**
 * The client's reader: accepts a domain XML only in the strict form that packages hold, which
 * docs/domain-xml.md describes, and refuses everything else by its name.
 *
 * @throws VmnetxError `domain-malformed` for what is not well-formed XML of a domain,
 *   `domain-refused` with the path of the first element or attribute that is not accepted
 */
export function parseDomain(xml: Uint8Array | string): Machine {
  const { machine, name, diskSource } = readDomain(parseTree(xml));
  name.oneOf([STORED_NAME]);
  diskSource.oneOf([STORED_DISK_PATH]);
  return machine;
}
