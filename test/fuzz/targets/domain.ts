import { generateDomain, parseDomain } from '../../../src/core/machine/index.js';
import { PLACEMENT, readPackageXml } from '../../core/machine/fixtures.js';
import { bytesTarget } from '../bytes-target.js';
import { XML_WORDS } from './xml-words.js';

const WORDS = [
  '<disk type="file">', '<source file="/etc/passwd"/>', '<target dev="hdb"/>', '<vcpu>65535</vcpu>',
  '<memory unit="KiB">', '<qemu:commandline>', '<interface type="user"/>', '<topology ', '<cell ', '0-3',
  '-1', '0x', '1e9', '18446744073709551616', ',', '..', 'json:{}', '<address type="pci" slot="0x05"/>',
]; // prettier-ignore

/** Small ones more often: they are quickly read, and are mostly refused for the same reasons. */
const MACHINES = ['minimal', 'minimal', 'minimal', 'windows-311', 'xp-2012', 'everything'] as const;

/** A domain XML; what is accepted can be executed. */
export const domain = bytesTarget({
  valid: MACHINES.map((name) => readPackageXml(name).replace(/\n\s*/g, '\n')),
  words: [...XML_WORDS, ...WORDS],
  parse: (input) => generateDomain(parseDomain(input), PLACEMENT),
});
