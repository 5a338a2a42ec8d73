import { execFile } from 'node:child_process';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { Guest } from '../../../scripts/guest.js';
import { PrivateLibvirt } from '../../support/private-libvirt.js';
import { GuestConsole } from './guest-console.js';
import { recompress, type MemoryFormat } from './saved-memory.js';

/** A machine that libvirt saved while it ran. */
export interface SuspendedMachine {
  /** Domain XML as a package has it. */
  readonly domain: string;
  /** Path of its disk, as it was when the machine was saved. */
  readonly disk: string;
  /** Paths of the saved memory: of the same moment in each format. */
  readonly memory: ReadonlyMap<MemoryFormat, string>;
}

export interface Suspension {
  readonly guest: Guest;
  /** For the files; the caller removes it. */
  readonly folder: string;
  readonly memoryMib: number;
  readonly formats: readonly MemoryFormat[];
  /** What is done before the machine is saved. */
  readonly use: (shell: GuestConsole) => Promise<void>;
}

/** What every package calls its machine. */
const NAME = 'machine';
const VIRSH_MILLISECONDS = 60_000;

/**
 * Starts a guest under a libvirt of its own, uses it, and saves it with `virsh save` in each format.
 *
 * @returns also its console, which has ended, with what the guest had printed
 */
export async function suspendMachine({
  guest,
  folder,
  memoryMib,
  formats,
  use,
}: Suspension): Promise<SuspendedMachine & { readonly shell: GuestConsole }> {
  const disk = join(folder, basename(guest.disk));
  await copyFile(guest.disk, disk);
  const domain = packagedXml(await readFile(guest.domainXml, 'utf8'), memoryMib);
  const libvirt = await PrivateLibvirt.start();
  // Compressing is not what is tested.
  Object.assign(libvirt.environment, { GZIP: '-1', BZIP2: '-1', XZ_OPT: '-0 -T0' });
  const virsh = async (...words: readonly string[]): Promise<void> => {
    const options = { env: libvirt.environment, timeout: VIRSH_MILLISECONDS };
    await promisify(execFile)('virsh', ['-q', '-c', libvirt.uri, ...words], options);
  };
  try {
    const console = join(libvirt.folder, 'console');
    const xml = join(libvirt.folder, 'domain.xml');
    await writeFile(xml, executedXml(domain, disk, console));
    await virsh('create', xml);
    using shell = await GuestConsole.open(console);
    await use(shell);
    await virsh('suspend', NAME);
    const raw = join(folder, 'memory.raw');
    await virsh('save', '--running', NAME, raw);
    const memory = new Map<MemoryFormat, string>([['raw', raw]]);
    for (const format of formats.filter((one) => one !== 'raw')) {
      const path = join(folder, `memory.${format}`);
      if (format === 'zstd') await recompress(raw, path);
      else {
        await libvirt.restart([`save_image_format = "${format}"`]);
        await virsh('restore', '--paused', raw);
        await virsh('save', '--running', NAME, path);
      }
      memory.set(format, path);
    }
    return { domain, disk, memory, shell };
  } finally {
    await libvirt.stop();
  }
}

/** The guest's XML as a package has it, with a serial port: where it leads to is of no interest. */
function packagedXml(guest: string, memoryMib: number): string {
  return guest
    .replace(/<name>[^<]*/, `<name>${NAME}`)
    .replace(/<source file="[^"]*"/, '<source file="/disk.img"')
    .replaceAll(/>\d+<\/(memory|currentMemory)>/g, `>${memoryMib * 1024}</$1>`)
    .replace('<memballoon', "<serial type='null'><target port='0'/></serial>\n    <memballoon");
}

function executedXml(packaged: string, disk: string, console: string): string {
  const source = `<source mode='bind' path='${console}'/>`;
  return packaged
    .replace("<domain type='kvm'>", "<domain type='qemu'>")
    .replace('/disk.img', disk)
    .replace("autoport='yes'/>", "><listen type='none'/></graphics>")
    .replace("<serial type='null'>", `<serial type='unix'>${source}`);
}
