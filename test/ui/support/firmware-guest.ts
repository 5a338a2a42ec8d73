import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { output } from '../../support/programs.js';

const virsh = (...words: string[]) => output('virsh', '--quiet', '-c', 'qemu:///session', ...words);

const INPUTS = {
  tablet: '<input type="tablet" bus="usb"/>',
  mouse: '<input type="mouse" bus="ps2"/>',
};

/**
 * A machine without a disk that sits in its firmware, which offers a boot menu at the Escape key for
 * a minute. Its screen is served on a unix socket in a folder of its own.
 */
export class FirmwareGuest implements AsyncDisposable {
  readonly #folder: string;
  readonly #name: string;
  readonly #pointer: 'tablet' | 'mouse';

  private constructor(folder: string, name: string, pointer: 'tablet' | 'mouse') {
    this.#folder = folder;
    this.#name = name;
    this.#pointer = pointer;
  }

  static async start(pointer: 'tablet' | 'mouse' = 'tablet'): Promise<FirmwareGuest> {
    const folder = await mkdtemp(join(process.env['XDG_RUNTIME_DIR'] ?? tmpdir(), 'vmnetx-ui-'));
    const guest = new FirmwareGuest(folder, `vmnetx-ui-test-${process.pid}`, pointer);
    await guest.boot();
    return guest;
  }

  get socket(): string {
    return join(this.#folder, 'vnc');
  }

  async boot(): Promise<void> {
    const description = join(this.#folder, 'domain.xml');
    await writeFile(
      description,
      `<domain type="qemu"><name>${this.#name}</name><memory unit="MiB">32</memory>
       <os><type arch="x86_64" machine="pc">hvm</type><bootmenu enable="yes" timeout="60000"/></os>
       <devices>${INPUTS[this.#pointer]}<video><model type="vga"/></video>
       <graphics type="vnc"><listen type="socket" socket="${this.socket}"/></graphics></devices>
       </domain>`,
    );
    await virsh('create', description);
  }

  async powerOff(): Promise<void> {
    await virsh('destroy', this.#name);
  }

  /** What the guest's graphics card shows, as QEMU itself knows it. */
  async screen(): Promise<PNG> {
    const file = join(this.#folder, 'screen.png');
    await virsh('screenshot', this.#name, file);
    return PNG.sync.read(await readFile(file));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.powerOff().catch(() => undefined);
    await rm(this.#folder, { recursive: true, force: true });
  }
}
