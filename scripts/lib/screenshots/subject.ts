import { setTimeout as sleep } from 'node:timers/promises';
import { PNG } from 'pngjs';
import { startProgram, type StartedProgram } from '../../../test/e2e/support/program.js';
import type { ScreenReader } from '../../../test/support/screen-reading.js';
import { eventually, until } from '../../../test/support/wait.js';
import {
  WindowOnScreen,
  type Element,
  type Rectangle,
} from '../../../test/support/window-on-screen.js';
import type { ManagedDisplay } from '../../../test/ui/support/managed-display.js';

/** Without a compositor GTK draws this much around its windows, to be taken by the mouse; in pixels. */
const FRAME = 4;
/** From what a screen reader is told until it is painted, in a window of the size that it gets. */
const PAINTING_MILLISECONDS = 600;
const SHOWN_MILLISECONDS = 60_000;

/** What pictures are taken of: the program, used by names, keys and the pointer. */
export class Subject extends WindowOnScreen {
  readonly #program: StartedProgram;
  readonly #display: ManagedDisplay;

  private constructor(program: StartedProgram, reader: ScreenReader, display: ManagedDisplay) {
    super(program.pid, reader);
    this.#program = program;
    this.#display = display;
  }

  static open(
    words: readonly string[],
    environment: NodeJS.ProcessEnv,
    reader: ScreenReader,
    display: ManagedDisplay,
  ): Subject {
    return new Subject(startProgram('vmnetx', words, environment), reader, display);
  }

  /** Waits for an element whose name fits, for as long as a machine may take to start. */
  async sees(name: RegExp): Promise<Element> {
    return eventually(
      `${name} is on the screen`,
      async () => (await this.elements().catch(() => [])).find((one) => name.test(one.name)),
      SHOWN_MILLISECONDS,
    );
  }

  /** Waits until nothing has such a name any more. */
  async seesNo(name: RegExp): Promise<void> {
    await until(`${name} is gone`, async () =>
      (await this.elements()).every((one) => !name.test(one.name)),
    );
  }

  async pressAll(...names: readonly string[]): Promise<void> {
    for (const name of names) await this.press(name);
  }

  /** Presses a key in the window that has the keyboard. */
  async key(key: string): Promise<void> {
    await this.#display.run('xdotool', 'key', key);
  }

  /** Types words, and Enter after each. */
  async enter(...words: readonly string[]): Promise<void> {
    for (const word of words) {
      await this.#display.run('xdotool', 'type', word);
      await this.key('Return');
      await sleep(PAINTING_MILLISECONDS);
    }
  }

  async pointTo(x: number, y: number): Promise<void> {
    await this.#display.run('xdotool', 'mousemove', '--sync', String(x), String(y));
  }

  /** A picture of all its windows as they lie above one another. */
  async picture(): Promise<PNG> {
    await sleep(PAINTING_MILLISECONDS);
    const ids = await this.#windows('--pid', String(this.pid));
    return this.#pictureOf(await Promise.all(ids.map((id) => this.#place(id))));
  }

  /** A picture of its window with this title. */
  async pictureOfWindow(title: string): Promise<PNG> {
    const [id = ''] = await this.#windows('--name', `^${title}$`);
    await sleep(PAINTING_MILLISECONDS);
    return this.#pictureOf([await this.#place(id)]);
  }

  /** Closes the dialog that has the keyboard. */
  async closeDialog(): Promise<void> {
    await this.key('Escape');
    await sleep(PAINTING_MILLISECONDS);
  }

  async end(): Promise<void> {
    this.#program.kill('SIGTERM');
    await this.#program.ended;
  }

  async #windows(...words: readonly string[]): Promise<readonly string[]> {
    const search = ['search', '--onlyvisible', ...words];
    const found = await eventually('there is a window', () =>
      this.#display.run('xdotool', ...search).catch(() => undefined),
    );
    return found.split('\n');
  }

  async #place(id: string): Promise<Rectangle> {
    const told = await this.#display.run('xdotool', 'getwindowgeometry', '--shell', id);
    const value = (name: string): number =>
      Number(new RegExp(`^${name}=(-?\\d+)$`, 'm').exec(told)?.[1]);
    return { x: value('X'), y: value('Y'), width: value('WIDTH'), height: value('HEIGHT') };
  }

  async #pictureOf(places: readonly Rectangle[]): Promise<PNG> {
    const whole = await this.#display.picture();
    const isAll = places.some(
      ({ width, height }) => width === whole.width && height === whole.height,
    );
    const frame = isAll ? 0 : FRAME;
    const left = Math.max(0, Math.min(...places.map(({ x }) => x)) + frame);
    const top = Math.max(0, Math.min(...places.map(({ y }) => y)) + frame);
    const right = Math.max(...places.map(({ x, width }) => x + width)) - frame;
    const bottom = Math.max(...places.map(({ y, height }) => y + height)) - frame;
    const [width, height] = [
      Math.min(right, whole.width) - left,
      Math.min(bottom, whole.height) - top,
    ];
    const cut = new PNG({ width, height });
    PNG.bitblt(whole, cut, left, top, width, height, 0, 0);
    return cut;
  }
}
