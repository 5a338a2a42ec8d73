import * as fc from 'fast-check';
import { generateDomain, parseDomain } from '../../../src/core/machine/index.js';
import { PLACEMENT, readPackageXml } from '../../core/machine/fixtures.js';
import { randomMachine } from '../../core/machine/random-machine.js';
import { seeded } from '../../support/random.js';
import { bytesTarget } from '../bytes-target.js';
import { mutatedXml } from '../xml-mutation.js';
import type { FuzzTarget } from '../target.js';
import { XML_WORDS } from './xml-words.js';

const WORDS = [
  '<disk type="file">', '<source file="/etc/passwd"/>', '<target dev="hdb"/>', '<vcpu>65535</vcpu>',
  '<memory unit="KiB">', '<qemu:commandline>', '<interface type="user"/>', '<topology ', '<cell ', '0-3',
  '-1', '0x', '1e9', '18446744073709551616', ',', '..', 'json:{}', '<address type="pci" slot="0x05"/>',
]; // prettier-ignore

const VALUES = [
  '0', '1', '2', '7', '31', '64', '255', '65535', '-1', '0x', '0x1f', '1e9', '18446744073709551616', ',',
  '0-3', '1.1', 'json:{}', '/etc/passwd', 'pcie-root', 'pci-bridge', 'pcie-root-port', 'q35', 'constructor',
]; // prettier-ignore

/** Small ones more often: they are quickly read, and are mostly refused for the same reasons. */
const MACHINES = ['windows-311', 'xp-2012', 'everything'] as const;
const MINIMAL_WEIGHT = 9;
const minimal = Array<'minimal'>(MINIMAL_WEIGHT).fill('minimal');
const valid = [...minimal, ...MACHINES].map((name) => readPackageXml(name).replace(/\n\s*/g, '\n'));

const bytes = bytesTarget({
  valid,
  words: [...XML_WORDS, ...WORDS],
  parse: (input) => generateDomain(parseDomain(input), PLACEMENT),
});

/** A domain XML; what is accepted can be executed. */
export const domain: FuzzTarget<Buffer> = {
  ...bytes,
  inputs: fc.oneof(
    bytes.inputs,
    mutatedXml(valid, VALUES),
    fc.nat().map((seed) => Buffer.from(randomMachine(seeded(seed)))),
  ),
};
