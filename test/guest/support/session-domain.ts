import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PNG } from 'pngjs';
import type { Guest } from '../../../scripts/guest.js';
import type { Picture } from '../../support/picture.js';
import { SerialLine } from './serial-line.js';
import { virsh } from './virsh.js';

/** A built guest that runs under the user's libvirt by virsh, on an overlay of its disk. */
export class SessionDomain {
  private constructor(
    readonly name: string,
    readonly serial: SerialLine,
    private readonly folder: string,
  ) {}

  /** Starts the guest under software emulation. The caller calls {@link dispose}. */
  static async start(guest: Guest): Promise<SessionDomain> {
    const folder = await mkdtemp(join(process.env['XDG_RUNTIME_DIR'] ?? tmpdir(), 'test-guest-'));
    const name = `test-guest-${randomBytes(4).toString('hex')}`;
    try {
      const overlay = join(folder, 'overlay.qcow2');
      await promisify(execFile)('qemu-img', [
        ...['create', '-q', '-f', 'qcow2', '-b', guest.disk],
        ...['-F', guest.disk.endsWith('.qcow2') ? 'qcow2' : 'raw', overlay],
      ]);
      const xml = join(folder, 'domain.xml');
      const serial = join(folder, 'serial');
      const text = await readFile(guest.domainXml, 'utf8');
      await writeFile(xml, forTest(text, { name, overlay, serial, folder }));
      // Paused, so that nothing is printed before somebody listens.
      await virsh('create', '--paused', xml);
      const line = await SerialLine.open(serial);
      await virsh('resume', name);
      return new SessionDomain(name, line, folder);
    } catch (error) {
      await end(name, folder);
      throw error;
    }
  }

  async isRunning(): Promise<boolean> {
    return (await virsh('list', '--name')).split('\n').includes(this.name);
  }

  async screenshot(): Promise<Picture> {
    const path = join(this.folder, 'screen.png');
    await virsh('screenshot', this.name, path);
    return PNG.sync.read(await readFile(path));
  }

  /** Clicks at a place of a screen of the given size, in pixels, by the tablet. */
  async click(x: number, y: number, screen: { width: number; height: number }): Promise<void> {
    const axis = (name: 'x' | 'y', value: number): unknown => {
      return { type: 'abs', data: { axis: name, value: Math.floor(value * 0x7fff) } };
    };
    const button = (down: boolean): unknown => ({ type: 'btn', data: { down, button: 'left' } });
    await this.sendEvents([
      axis('x', x / screen.width),
      axis('y', y / screen.height),
      button(true),
    ]);
    await this.sendEvents([button(false)]);
  }

  async dispose(): Promise<void> {
    this.serial.close();
    await end(this.name, this.folder);
  }

  private async sendEvents(events: readonly unknown[]): Promise<void> {
    const command = { execute: 'input-send-event', arguments: { events } };
    await virsh('qemu-monitor-command', this.name, JSON.stringify(command));
  }
}

async function end(name: string, folder: string): Promise<void> {
  // It may have ended by itself, or never begun.
  await virsh('destroy', name).catch(() => undefined);
  await rm(folder, { recursive: true, force: true });
}

/** The packaged XML as a test runs it: emulated, named anew, with a display and a serial socket. */
function forTest(
  xml: string,
  to: { name: string; overlay: string; serial: string; folder: string },
): string {
  return xml
    .replace("<domain type='kvm'>", "<domain type='qemu'>")
    .replace(/<name>[^<]*<\/name>/, `<name>${to.name}</name>`)
    .replace(/<uuid>[^<]*<\/uuid>/, '')
    .replace(/<source file="[^"]*"\/>/, `<source file="${to.overlay}"/>`)
    .replace("type='raw'", "type='qcow2'")
    .replace(
      "<graphics type='vnc' autoport='yes'/>",
      `<graphics type='vnc'><listen type='socket' socket='${to.folder}/vnc'/></graphics>
       <serial type='unix'><source mode='bind' path='${to.serial}'/></serial>`,
    );
}
