import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../../../scripts/command.js';
import { buildGuest } from '../../../scripts/guest.js';
import { output } from '../../support/programs.js';

/** What the guest's disk can be connected to. */
export const diskKinds = ['ide', 'sata', 'virtio'] as const;

export type DiskKind = (typeof diskKinds)[number];

/** Of published data on the packed guests, in MiB: less than the demo's own, for there are three. */
export const PACKED_MEBIBYTES = 128;

const IDE_DISK = `<target dev='hda' bus='ide'/>
      <address type='drive' controller='0' bus='0' target='0' unit='0'/>
    </disk>`;
const FREE_PLACE = `<address type='pci' domain='0x0000' bus='0x00' slot='0x04' function='0x0'/>`;

const DISKS: Readonly<Record<DiskKind, string>> = {
  ide: IDE_DISK,
  sata: `<target dev='sda' bus='sata'/>
      <address type='drive' controller='0' bus='0' target='0' unit='0'/>
    </disk>
    <controller type='sata' index='0'>${FREE_PLACE}</controller>`,
  virtio: `<target dev='vda' bus='virtio'/>
      ${FREE_PLACE}
    </disk>`,
};

/** Packs the demo guest with its disk on another bus into `KIND.nxpk` in the folder. */
export async function packDemoOn(kind: DiskKind, folder: string): Promise<void> {
  const options = { dataMebibytes: PACKED_MEBIBYTES, anyBus: kind !== 'ide' };
  const guest = await buildGuest('demo', options);
  const text = await readFile(guest.domainXml, 'utf8');
  if (!text.includes(IDE_DISK)) throw new Error(`${guest.domainXml} has its disk elsewhere`);
  const domainXml = join(folder, `${kind}.xml`);
  await writeFile(domainXml, text.replace(IDE_DISK, DISKS[kind]));
  const path = join(folder, `${kind}.nxpk`);
  await output(command('vmnetx-generate'), '-u', '-n', `Demo on ${kind}`, domainXml, path);
}
