import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openConnection } from '../../../src/core/libvirt/index.js';
import { parseDomain, type Machine } from '../../../src/core/machine/index.js';
import { PrivateLibvirt } from '../../support/private-libvirt.js';
import { firmwareMachine, rawDisk } from '../libvirt/firmware-machine.js';
import { change, readPackageXml } from '../machine/fixtures.js';

/** The formats in which libvirt 9.0 saves; newer ones also know zstd. */
export const SAVED_FORMATS = ['raw', 'gzip', 'bzip2', 'xz', 'lzop'] as const;

/** A package's domain XML of the machine that {@link saveMachine} saves. */
export const SAVED_XML = change(
  readPackageXml('minimal'),
  '<memory>65536</memory>',
  '<memory unit="MiB">32</memory>',
);

/** The same, read. */
export function savedMachine(): Machine {
  return parseDomain(SAVED_XML);
}

/** Has libvirt save a machine that has not run yet; the bytes of the file. */
export async function saveMachine(format: (typeof SAVED_FORMATS)[number]): Promise<Buffer> {
  const libvirt = await PrivateLibvirt.start([`save_image_format = "${format}"`]);
  try {
    const disk = join(libvirt.folder, 'disk.raw');
    await writeFile(disk, '');
    await truncate(disk, 1 << 20);
    const connection = await openConnection({ uri: libvirt.uri });
    try {
      const xml = firmwareMachine('vmnetx-saved', rawDisk(disk));
      const how = { paused: true, autodestroy: true, validate: true };
      const domain = await connection.createDomain(xml, how);
      const path = join(libvirt.folder, 'saved');
      await domain.save(path);
      return await readFile(path);
    } finally {
      await connection.close();
    }
  } finally {
    await libvirt.stop();
  }
}
