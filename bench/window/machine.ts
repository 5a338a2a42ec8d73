import { copyFile, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../../scripts/command.js';
import { buildGuest } from '../../scripts/guest.js';
import type { Desktop } from '../../test/e2e/support/desktop.js';
import { GuestConsole } from '../../test/e2e/support/guest-console.js';
import { randomBytes, seeded } from '../../test/support/random.js';
import { WindowOnScreen } from '../../test/support/window-on-screen.js';
import { Program, runProgram } from '../program.js';

const PACKAGE = 'machine.nxpk';
const PROBE = join(import.meta.dirname, 'frame-probe.cjs');
const PIECE_BYTES = 2 ** 20;
const BOOT_MILLISECONDS = 60_000;
const NANOSECONDS = 1e6;

/**
 * Packs a machine that stays in its boot sector, where it tells of keys on its serial port, with a disk of
 * incompressible bytes.
 *
 * @returns the folder with the package alone
 */
export async function packMachine(scratch: string, diskBytes: number, signal: AbortSignal) {
  const guest = await buildGuest('firmware', {}, signal);
  const served = join(scratch, 'served');
  await mkdir(served);
  const path = join(scratch, 'disk');
  await copyFile(guest.disk, path);
  await appendNoise(path, diskBytes + PIECE_BYTES, signal);
  const domainXml = join(scratch, 'domain.xml');
  await writeFile(domainXml, (await readFile(guest.domainXml, 'utf8')).replace(guest.disk, path));
  const words = ['-u', '-n', 'Benchmark', domainXml, join(served, PACKAGE)];
  await runProgram([command('vmnetx-generate'), ...words], signal);
  await rm(path);
  return served;
}

async function appendNoise(path: string, bytes: number, signal: AbortSignal): Promise<void> {
  const file = await open(path, 'a');
  try {
    const random = seeded(1);
    for (let at = 0; at < bytes; at += PIECE_BYTES) {
      signal.throwIfAborted();
      await file.write(randomBytes(PIECE_BYTES, random));
    }
  } finally {
    await file.close();
  }
}

/** That machine in the real program's window, which is drawn as often as it can be. */
export class ShownMachine implements AsyncDisposable {
  readonly #program: Program;
  readonly #folder: string;
  readonly #session: string;
  readonly window: WindowOnScreen;
  #fetched = PIECE_BYTES;

  private constructor(program: Program, folder: string, session: string) {
    this.#program = program;
    this.#folder = folder;
    this.#session = session;
    this.window = new WindowOnScreen(program.pid);
  }

  static async open(origin: string, desktop: Desktop): Promise<ShownMachine> {
    const { folder } = desktop;
    const program = Program.start([command('vmnetx'), `${origin}/${PACKAGE}`], {
      ...desktop.environment,
      VMNETX_CONSOLE: join(folder, 'console'),
      VMNETX_BENCH_FRAMES: join(folder, 'frames'),
      NODE_OPTIONS: `--require=${PROBE}`,
    });
    try {
      using line = await GuestConsole.open(join(folder, 'console'));
      await line.see(/FIRMWARE-READY/, BOOT_MILLISECONDS);
      const domain = await desktop.virsh('list', '--name');
      const session = join(folder, 'run/vmnetx', domain.replace('vmnetx-', ''));
      const machine = new ShownMachine(program, folder, session);
      await machine.window.element('Screen of the machine');
      return machine;
    } catch (error) {
      await program.end();
      throw new Error(`The window says: ${program.said}`, { cause: error });
    }
  }

  /** Reads the disk on, as fast as it can be fetched. */
  async fetch(bytes: number): Promise<void> {
    const file = await open(join(this.#session, 'mount/disk'));
    try {
      const piece = Buffer.alloc(PIECE_BYTES);
      const end = this.#fetched + bytes;
      for (; this.#fetched < end; this.#fetched += PIECE_BYTES) {
        const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, this.#fetched);
        if (bytesRead < PIECE_BYTES) throw new RangeError('The disk is at its end');
      }
    } finally {
      await file.close();
    }
  }

  /** When each picture of the window was done, by {@link now}. */
  async frames(): Promise<readonly number[]> {
    const text = await readFile(join(this.#folder, 'frames'), 'utf8');
    const lines = text.split('\n').slice(0, -1);
    return lines.map((line) => Number(BigInt(line)) / NANOSECONDS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program.end();
  }
}

/** Milliseconds of the clock that all processes share. */
export function now(): number {
  return Number(process.hrtime.bigint()) / NANOSECONDS;
}
