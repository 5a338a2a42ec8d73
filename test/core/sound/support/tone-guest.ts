import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeToneDisk } from '../../../support/tone-disk.js';
import { until } from '../../../support/wait.js';

/** A QEMU whose guest plays a tone without end, and sends its sound by VNC. */
export class ToneGuest implements AsyncDisposable {
  readonly #folder: string;
  readonly #qemu: ChildProcess;

  private constructor(folder: string, qemu: ChildProcess) {
    this.#folder = folder;
    this.#qemu = qemu;
  }

  static async start(hertz: number): Promise<ToneGuest> {
    const folder = await mkdtemp(join(tmpdir(), 'tone-'));
    const disk = join(folder, 'disk.raw');
    await writeToneDisk(disk, hertz);
    const socket = join(folder, 'vnc');
    const words = [
      ...['-machine', 'pc,pcspk-audiodev=sound', '-accel', 'tcg', '-m', '16', '-nodefaults'],
      ...['-drive', `file=${disk},format=raw`, '-display', 'none', '-vga', 'std'],
      ...['-audiodev', 'none,id=sound', '-vnc', `unix:${socket},audiodev=sound`],
    ];
    const qemu = spawn('qemu-system-x86_64', words, { stdio: ['ignore', 'ignore', 'inherit'] });
    const own = new ToneGuest(folder, qemu);
    await until('QEMU listens', () =>
      access(socket).then(
        () => true,
        () => false,
      ),
    );
    return own;
  }

  get socket(): string {
    return join(this.#folder, 'vnc');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#qemu, 'close');
    this.#qemu.kill('SIGKILL');
    await ended;
    await rm(this.#folder, { recursive: true });
  }
}
