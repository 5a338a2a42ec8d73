import assert from 'node:assert/strict';
import { basename, join } from 'node:path';
import { comparePattern, readCount } from '../../support/test-pattern.js';
import type { ScreenReader } from '../../support/screen-reading.js';
import { output } from '../../support/programs.js';
import { eventually, until } from '../../support/wait.js';
import type { Desktop } from './desktop.js';
import { GuestConsole } from './guest-console.js';
import { MachineOnScreen } from './machine-on-screen.js';
import { startProgram, type StartedProgram } from './program.js';
import { SUM_MEMORY, type SuspendedGuest } from './suspended-guest.js';

const RESUME_MILLISECONDS = 60_000;
/** What is counted while nobody listens yet; a guest that boots does not count at all. */
const MOST_MISSED = 10;
const SUM_MILLISECONDS = 30_000;
const GONE_MILLISECONDS = 5000;

/** A suspended guest that is opened in its window. */
export class ResumedGuest {
  readonly program: StartedProgram;
  readonly window: MachineOnScreen;
  readonly #shell: GuestConsole;

  private constructor(program: StartedProgram, window: MachineOnScreen, shell: GuestConsole) {
    this.program = program;
    this.window = window;
    this.#shell = shell;
  }

  /** Returns as soon as there is a virtual machine; its guest does not run yet. */
  static async open(
    location: string,
    desktop: Desktop,
    reader: ScreenReader,
  ): Promise<ResumedGuest> {
    const consolePath = join(desktop.folder, `console-${basename(location)}`);
    const environment = { ...desktop.environment, VMNETX_CONSOLE: consolePath };
    const program = startProgram('vmnetx', [location], environment);
    const window = new MachineOnScreen(program.pid, reader);
    return new ResumedGuest(program, window, await GuestConsole.open(consolePath));
  }

  /** Waits until the guest counts on from where it was, and sums its memory up. */
  async goesOn({ count, sum }: SuspendedGuest, limit = RESUME_MILLISECONDS): Promise<void> {
    const first = await eventually('the guest counts', () => this.#shell.counts()[0], limit);
    assert.ok(first > count && first <= count + MOST_MISSED, `${count}, then ${first}`);
    assert.equal(await this.#shell.run(SUM_MEMORY, SUM_MILLISECONDS), sum);
    const counts = this.#shell.counts();
    assert.deepEqual(
      counts,
      counts.map((_, index) => first + index),
    );
  }

  /** Waits until the window, before all others, shows what the guest counts to. */
  async showsItsCount(): Promise<void> {
    await output('xdotool', 'windowraise', await this.window.id());
    const last = (): number => this.#shell.counts().at(-1) ?? 0;
    await until('the count is on the screen', async () => {
      const before = last();
      const picture = await this.window.picture();
      const at = await this.window.placement();
      const { matching, total } = comparePattern(picture, at);
      const shown = readCount(picture, at);
      return matching >= 0.99 * total && shown >= before && shown <= last();
    });
  }

  /** Quits by the window, and nothing was said. */
  async quit(): Promise<void> {
    await this.window.press('Quit');
    assert.deepEqual(await this.program.ended, { status: 0, stdout: '', stderr: '' });
    this.#shell[Symbol.dispose]();
  }
}

/** Waits until nothing is left of windows that were just closed. */
export async function nothingIsLeft(desktop: Desktop): Promise<void> {
  let remains: readonly string[] = [];
  const isGone = async () => (remains = await desktop.remains()).length === 0;
  await until('nothing is left', isGone, GONE_MILLISECONDS).catch(() => undefined);
  assert.deepEqual(remains, []);
}
