import type { XmlElement } from '../../xml/index.js';
import { refuse } from '../read/refusal.js';
import { applyRules, without, withAttribute, type Rule, type Say } from './edit.js';

/** Distributions give QEMU's machines names of their own, which QEMU elsewhere does not know. */
const DISTRIBUTION_TYPE = /^pc-(?:i440fx|(q35))-(?![0-9]+\.[0-9]+$)/;

const FIRMWARE =
  'a machine with UEFI, or other firmware of its own, is not accepted: ' +
  'install its system with the BIOS';
const KERNEL = 'a kernel beside the disk is not accepted: have the disk start by itself';

const refuseFirmware: Rule = ({ path }) => refuse(path, FIRMWARE);
const refuseKernel: Rule = ({ path }) => refuse(path, KERNEL);

const RULES: ReadonlyMap<string, Rule> = new Map([
  ['type', adaptType],
  ['boot', adaptBoot],
  ['firmware', refuseFirmware],
  ['loader', refuseFirmware],
  ['nvram', refuseFirmware],
  ['varstore', refuseFirmware],
  ['kernel', refuseKernel],
  ['initrd', refuseKernel],
  ['cmdline', refuseKernel],
  ['dtb', refuseKernel],
]);

/** @throws VmnetxError `domain-refused` for firmware and kernels that lie beside the disk */
export function adaptOs(os: XmlElement, say: Say): XmlElement {
  const firmware = os.attributes.get('firmware');
  if (firmware !== undefined && firmware !== 'bios') refuse(`${os.path}/@firmware`, FIRMWARE);
  const names = { attributes: ['firmware'], children: ['bootmenu', 'smbios', 'bios'] };
  return applyRules(without(os, names, say), RULES, say);
}

function adaptType(type: XmlElement, say: Say): XmlElement {
  const machine = type.attributes.get('machine') ?? '';
  const found = DISTRIBUTION_TYPE.exec(machine);
  if (found === null) return type;
  const general = found[1] ?? 'pc';
  say(`The machine “${machine}”, which only one distribution has, becomes “${general}”.`);
  return withAttribute(type, 'machine', general);
}

function adaptBoot(boot: XmlElement, say: Say): XmlElement | null {
  if (boot.attributes.get('dev') !== 'network') return boot;
  say('The machine no longer starts from the network.');
  return null;
}
