import { cleanText } from '../../text/index.js';
import { MAX_NAME_LENGTH } from '../limits.js';
import type { DiskFormat, Machine } from '../machine.js';
import { readAbsolutePath } from '../read/disk.js';
import { parseTree, readDomain } from '../read/domain.js';
import { STORED_DISK_PATH, STORED_NAME } from '../vocabulary.js';
import { isOfHost } from './adapt-cpu.js';
import { adaptDomain } from './adapt-domain.js';
import { childrenOf, type Say } from './edit.js';
import { PACKED_FORMAT, writePackagedDomain } from './write-strict-form.js';

/** The longest sentence about a change, in characters: it quotes the document, path of the disk and all. */
const MAX_CHANGE_LENGTH = 5000;

/** A publisher's machine, ready to be packed. */
export interface PublishableDomain {
  /** On the publisher's computer: any text of 1 to 255 characters. */
  readonly name: string;
  readonly machine: Machine;
  /** Whether its CPU takes the place of the publisher's own, whichever that was. */
  readonly hasHostCpu: boolean;
  /** In the strict form that the client accepts. */
  readonly domainXml: string;
  /** Absolute path of the disk's image on the publisher's computer. */
  readonly diskPath: string;
  /** Of the publisher's own image. */
  readonly diskFormat: DiskFormat;
}

/**
 * The publisher's reader: takes what libvirt and virt-manager write about a machine with one disk,
 * and writes the strict form. Nothing of the publisher's computer is left in it.
 *
 * @param tell is told what becomes different from the publisher's own, also when the rest is refused
 * @throws VmnetxError `domain-malformed`, `domain-refused`
 */
export function readDomainForPublishing(xml: Uint8Array | string, tell: Say): PublishableDomain {
  const say: Say = (change) => {
    tell(cleanText(change, MAX_CHANGE_LENGTH));
  };
  const tree = parseTree(xml);
  const { machine, name, diskSource } = readDomain(adaptDomain(tree, say));
  if (name.text === '' || name.text.length > MAX_NAME_LENGTH) {
    name.refuse(`a name of 1 to ${MAX_NAME_LENGTH} characters is expected`);
  }
  const diskPath = readAbsolutePath(diskSource);
  const { disk, clockOffset } = machine;
  if (name.text !== STORED_NAME) say(`The name “${name.text}” becomes “${STORED_NAME}”.`);
  if (diskPath !== STORED_DISK_PATH) {
    say(`The disk’s file ${diskPath} becomes ${STORED_DISK_PATH}.`);
  }
  if (disk.format !== PACKED_FORMAT) {
    say(`The disk’s format “${disk.format}” becomes “${PACKED_FORMAT}”.`);
  }
  if (clockOffset !== 'localtime') {
    say(`The clock’s offset “${clockOffset}” becomes “localtime”.`);
  }
  return {
    name: name.text,
    machine,
    hasHostCpu: childrenOf(tree, 'cpu').some(isOfHost),
    domainXml: writePackagedDomain(machine),
    diskPath,
    diskFormat: disk.format,
  };
}
