import assert from 'node:assert/strict';
import { join } from 'node:path';
import { seeded } from '../../support/random.js';
import { eventually, until } from '../../support/wait.js';
import { WindowOnScreen } from '../../support/window-on-screen.js';
import { PACKED_MEBIBYTES, type DiskKind } from './demo-disks.js';
import type { Desktop } from './desktop.js';
import { GuestConsole } from './guest-console.js';
import { startProgram, type StartedProgram } from './program.js';
import { verifyInGuest, type VerifiedWork } from './verifying-guest.js';

/** Several machines start at a time. */
const BOOT_MILLISECONDS = 240_000;
/** A guest may have much to do with what it has before it needs more. */
const NEED_MILLISECONDS = 60_000;
const WAITING = /^Waiting for the network since (.+) \(tried (?:once|(\d+) times)\)\. /;

/** Little, so that the guest soon needs what it does not have yet. */
const SIZE = { dataMebibytes: PACKED_MEBIBYTES, mostBlocks: 32, mostMebibytes: 1 };

interface Waiting {
  /** As the window says it. */
  readonly since: string;
  readonly tries: number;
}

/** The demo guest with its disk on some bus, in its window, which works until it is told to stop. */
export class WorkingMachine {
  readonly kind: DiskKind;
  readonly shell: GuestConsole;
  readonly program: StartedProgram;
  readonly #desktop: Desktop;
  readonly #window: WindowOnScreen;
  readonly #domain: string;
  #isOver = false;
  #work: Promise<VerifiedWork> | undefined;

  private constructor(
    kind: DiskKind,
    desktop: Desktop,
    program: StartedProgram,
    shell: GuestConsole,
    domain: string,
  ) {
    this.kind = kind;
    this.program = program;
    this.shell = shell;
    this.#desktop = desktop;
    this.#window = new WindowOnScreen(program.pid);
    this.#domain = domain;
  }

  static async open(kind: DiskKind, url: string, desktop: Desktop): Promise<WorkingMachine> {
    const consolePath = join(desktop.folder, `console-${kind}`);
    const environment = { ...desktop.environment, VMNETX_CONSOLE: consolePath };
    const program = startProgram('vmnetx', [url], environment);
    const shell = await GuestConsole.open(consolePath);
    await shell.see(/GUEST-READY/, BOOT_MILLISECONDS);
    const domain = await domainWith(consolePath, desktop);
    return new WorkingMachine(kind, desktop, program, shell, domain);
  }

  /** Has the guest write, read and compare from now on. */
  begin(seed: number): void {
    this.#isOver = false;
    this.#work = verifyInGuest(this.shell, seeded(seed), () => this.#isOver, SIZE);
    // Told by finish.
    this.#work.catch(() => undefined);
  }

  /** Waits until the guest has ended what it does. */
  async finish(): Promise<VerifiedWork> {
    this.#isOver = true;
    return (await this.#work) ?? { filesWritten: 0, bytesVerified: 0 };
  }

  /** Waits until QEMU has paused the guest, because it needs what cannot be had. */
  async isPaused(): Promise<void> {
    const isSo = (): Promise<boolean> => this.#isIn('paused (I/O error)');
    await until(`the ${this.kind} guest is paused`, isSo, NEED_MILLISECONDS);
  }

  async goesOn(): Promise<void> {
    await until(`the ${this.kind} guest goes on`, () => this.#isIn('running'), NEED_MILLISECONDS);
    await until(
      `the ${this.kind} window says no more`,
      async () => (await this.waiting()) === null,
    );
  }

  /** What the window says about the network, or null if it says nothing. */
  async waiting(): Promise<Waiting | null> {
    for (const { name } of await this.#window.elements()) {
      const [, since, tries = '1'] = WAITING.exec(name) ?? [];
      if (since !== undefined) return { since, tries: Number(tries) };
    }
    return null;
  }

  /** Waits until the window says that the network is away. */
  saysSo(limit: number): Promise<Waiting> {
    return eventually(
      `the ${this.kind} window says so`,
      async () => (await this.waiting()) ?? undefined,
      limit,
    );
  }

  /** Waits until the window says that it was tried again, since the same time. */
  async triesOn(first: Waiting, limit: number): Promise<void> {
    const again = await eventually(
      `the ${this.kind} machine tries again`,
      async () => {
        const now = await this.waiting();
        return now !== null && now.tries > first.tries ? now : undefined;
      },
      limit,
    );
    assert.equal(again.since, first.since);
  }

  /** Uses the window: its menu opens and closes, and the screen is there. */
  async use(): Promise<void> {
    await this.#window.element('Screen of the machine');
    await this.#window.press('Machine');
    await this.#window.element('Power Off');
    await this.#window.press('Machine');
    await until('the menu is closed', async () => {
      return (await this.#window.elements()).every(({ name }) => name !== 'Power Off');
    });
  }

  /** Quits the program, wherever it is; how long that took, in milliseconds. */
  async quit(): Promise<number> {
    const begin = performance.now();
    this.program.kill('SIGTERM');
    assert.deepEqual(await this.program.ended, { status: 0, stdout: '', stderr: '' });
    this.shell[Symbol.dispose]();
    return performance.now() - begin;
  }

  async #isIn(state: string): Promise<boolean> {
    const found = await this.#desktop.virsh('domstate', '--reason', this.#domain);
    return found === state || found.startsWith(`${state} (`);
  }
}

/** Several machines of one user are told apart by their consoles. */
async function domainWith(consolePath: string, desktop: Desktop): Promise<string> {
  for (const name of (await desktop.virsh('list', '--name')).split('\n')) {
    if ((await desktop.virsh('dumpxml', name)).includes(`'${consolePath}'`)) return name;
  }
  throw new Error(`No machine has the console ${consolePath}`);
}
