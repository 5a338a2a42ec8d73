import { generateDomain, parseSavedDomain } from '../../../src/core/machine/index.js';
import { PLACEMENT, readPackageXml } from '../../core/machine/fixtures.js';
import { bytesTarget } from '../bytes-target.js';
import { XML_WORDS } from './xml-words.js';

const WORDS = [
  '<alias name="x"/>', '<disk device="cdrom">', '<console>', '<serial type="pty">', '<interface type="bridge">',
  '<controller type="usb"/>', '<controller type="pci" model="pci-root"/>', '<hostdev/>', '<seclabel/>', '<rng><backend/>',
  '<graphics type="sdl"/>', ' mode="host-model"', ' index="0"', ' id="1"', ' type="qemu"', '<clock><timer/></clock>',
  '<features><hyperv/></features>', '<kernel/>', ' machine="pc-i440fx-x"', '<os firmware="efi">', '<metadata><x xmlns="y"/>',
]; // prettier-ignore

const MINIMAL = readPackageXml('minimal').replace(/\n\s*/g, '');

/** The domain XML before saved memory; what is accepted can be executed. */
export const savedDomain = bytesTarget({
  valid: [
    MINIMAL,
    MINIMAL.replace('</devices>', '<controller type="usb"/><interface type="bridge"/></devices>'),
  ],
  words: [...XML_WORDS, ...WORDS],
  parse: (input) => generateDomain(parseSavedDomain(input).machine, PLACEMENT),
});
