import { storedZip } from '../../support/stored-zip.js';
import type { Locations, Scene } from './scene.js';
import { SOUND, type PackageParts } from './sound-package.js';

/** What stands in saved memory; what is left out is sound. */
export interface MemoryParts {
  readonly magic?: string;
  readonly version?: number;
  readonly compression?: number;
  /** What the header says of the area's length. */
  readonly areaBytes?: number;
  readonly cookieOffset?: number;
  readonly xml?: string;
  readonly cookie?: string;
  /** With the NUL that ends each text. */
  readonly padding?: Buffer;
  readonly state?: Buffer;
}

/** What libvirt says of the sound package's machine, in short. */
export const SAVED_XML = `<domain type='qemu' id='3'>
  <name>other</name><uuid>a4094a1d-134a-4979-986a-a5063b2a33ef</uuid>
  <memory unit='KiB'>65536</memory><vcpu placement='static'>1</vcpu>
  <os><type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type><boot dev='hd'/></os>
  <cpu mode='custom' match='exact' check='none'><model fallback='forbid'>qemu64</model></cpu>
  <clock offset='utc'/>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type='file' device='disk'>
      <driver name='qemu' type='raw' cache='none'/><source file='/home/x/d.raw' index='1'/><backingStore/>
      <target dev='hda' bus='ide'/><alias name='ide0-0-0'/>
      <address type='drive' controller='0' bus='0' target='0' unit='0'/>
    </disk>
    <controller type='ide' index='0'>
      <alias name='ide'/><address type='pci' domain='0x0000' bus='0x00' slot='0x01' function='0x1'/>
    </controller>
    <input type='mouse' bus='ps2'><alias name='input0'/></input>
    <audio id='1' type='none'/>
    <memballoon model='none'/>
  </devices>
  <seclabel type='dynamic' model='dac' relabel='yes'><label>+64055:+108</label></seclabel>
</domain>
`;

/** The beginning of QEMU's state, as far as we look at it. */
export const STATE = stateOf('pc-i440fx-7.2');

export function stateOf(machineType: string): Buffer {
  const prefix = Buffer.from('QEVM\0\0\0\u0003\u0007\0\0\0\0', 'latin1');
  prefix.writeUInt32BE(machineType.length, 9);
  return Buffer.concat([prefix, Buffer.from(machineType), Buffer.alloc(200, 1)]);
}

/** Saved memory as libvirt writes it, with other parts in place of some. */
export function memoryImage(parts: MemoryParts = {}): Buffer {
  const { magic = 'LibvirtQemudSave', version = 2, compression = 0, state = STATE } = parts;
  const { xml = SAVED_XML, cookie, padding = Buffer.alloc(64) } = parts;
  const description = Buffer.from(`${xml}\0`);
  const area = Buffer.concat([description, Buffer.from(cookie ?? ''), padding]);
  const header = Buffer.alloc(92);
  header.write(magic, 'latin1');
  header.writeUInt32LE(version, 16);
  header.writeUInt32LE(parts.areaBytes ?? area.length, 20);
  header.writeUInt32LE(1, 24);
  header.writeUInt32LE(compression, 28);
  const cookieOffset = cookie === undefined ? 0 : description.length;
  header.writeUInt32LE(parts.cookieOffset ?? cookieOffset, 32);
  return Buffer.concat([header, area, state]);
}

/** The sound package, of a machine that was saved while it ran. */
export function suspendedPackage(memory: Buffer, parts: Partial<PackageParts> = {}): Buffer {
  const { domain, disk } = { ...SOUND, ...parts };
  const manifest = String(SOUND.manifest).replace(
    '</image>',
    '<memory path="memory.img"/></image>',
  );
  return storedZip([
    { name: 'vmnetx-package.xml', data: manifest },
    { name: 'domain.xml', data: domain },
    { name: 'memory.img', data: memory },
    { name: 'disk.img', data: disk },
  ]);
}

/** A package for each of these memories. */
export async function suspendedPackages(
  scene: Scene,
  memories: Readonly<Record<string, Buffer>>,
): Promise<Locations> {
  const locations: Record<string, string> = {};
  for (const [what, memory] of Object.entries(memories)) {
    locations[what] = await scene.write(`${what}.nxpk`, suspendedPackage(memory));
  }
  return locations;
}
