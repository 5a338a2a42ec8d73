import { execFile } from 'node:child_process';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PrivateLibvirt } from '../../support/private-libvirt.js';
import { firmwareMachine, rawDisk } from '../libvirt/firmware-machine.js';

const run = promisify(execFile);

/** A libvirt of its own with machines that sit in their firmware, by virsh as publishers use it. */
export class PublishersLibvirt {
  private constructor(private readonly libvirt: PrivateLibvirt) {}

  static async start(format = 'raw'): Promise<PublishersLibvirt> {
    const own = await PrivateLibvirt.start([`save_image_format = "${format}"`]);
    return new PublishersLibvirt(own);
  }

  get folder(): string {
    return this.libvirt.folder;
  }

  get uri(): string {
    return this.libvirt.uri;
  }

  /** With which `qemu:///session` is this libvirt, also for programs that look for its files. */
  get environment(): NodeJS.ProcessEnv {
    return this.libvirt.environment;
  }

  /** Where libvirt keeps the domain XML of its machines. */
  get configuration(): string {
    return join(this.folder, 'config/libvirt/qemu');
  }

  async virsh(...words: readonly string[]): Promise<string> {
    const options = { env: this.environment, timeout: 30_000 };
    const how = ['-q', '-c', 'qemu:///session'];
    return (await run('virsh', [...how, ...words], options)).stdout.trim();
  }

  /** Defines a machine, with further elements and devices, and starts it. */
  async run(name: string, parts = '', devices = ''): Promise<void> {
    const disk = join(this.folder, `${name}.raw`);
    await writeFile(disk, '');
    await truncate(disk, 2 ** 20);
    const xml = firmwareMachine(name, rawDisk(disk) + devices).replace(
      '<devices>',
      `${parts}<devices>`,
    );
    const path = join(this.folder, `${name}.xml`);
    await writeFile(path, xml);
    await this.virsh('define', path);
    await this.virsh('start', name);
  }

  async stop(): Promise<void> {
    await this.libvirt.stop();
  }
}
