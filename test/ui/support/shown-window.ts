import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { checkout } from '../../support/checkout.js';
import type { ScriptedState, WindowEvent } from '../fixtures/scripted-window.js';
import type { Rectangle } from './picture.js';
import { output } from './programs.js';
import { eventually } from './wait.js';

const FIXTURES = join(checkout, 'dist/test/ui/fixtures');

/** Something on the screen, as a screen reader knows it. */
export interface Element {
  readonly role: string;
  readonly name: string;
  readonly sensitive: boolean;
  readonly focused: boolean;
  readonly actions: number;
  readonly place: Rectangle;
}

/** The real window in a process of its own; what its session says is up to the test. */
export class ShownWindow implements AsyncDisposable {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #events: string[] = [];
  readonly ended: Promise<{ readonly status: number | null; readonly stderr: string }>;

  /** @param environment `TEST_TITLE` and `TEST_CLOSE_MILLISECONDS`, see scripted-window.ts */
  constructor(environment: Readonly<Record<string, string>> = {}) {
    this.#process = spawn(process.execPath, [join(FIXTURES, 'show-session.cjs')], {
      env: { ...process.env, NODE_NO_WARNINGS: '1', ...environment },
    });
    let stderr = '';
    this.#process.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    this.#process.stdout.on('data', (data: Buffer) => {
      this.#events.push(...data.toString().split('\n').filter(Boolean));
    });
    this.ended = once(this.#process, 'close').then(() => {
      return { status: this.#process.exitCode, stderr };
    });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** The session takes this state. */
  feed(state: ScriptedState): void {
    this.#process.stdin.write(`${JSON.stringify(state)}\n`);
  }

  /** Waits until the window has asked this of the session; each asking counts once. */
  async asked(event: WindowEvent): Promise<void> {
    await eventually(`the window asks “${event}”`, () => {
      const at = this.#events.indexOf(event);
      return at < 0 ? undefined : this.#events.splice(0, at + 1);
    });
  }

  /** The X11 id of the window, as soon as it is on the screen. */
  id(): Promise<string> {
    return eventually('the window is on the screen', () =>
      output('xdotool', 'search', '--onlyvisible', '--pid', String(this.pid)).catch(
        () => undefined,
      ),
    );
  }

  async elements(): Promise<readonly Element[]> {
    const elements: unknown = JSON.parse(await this.#screenReader());
    return isElements(elements) ? elements : [];
  }

  /** Waits until an element of this name is on the screen. */
  element(name: string): Promise<Element> {
    return eventually(`“${name}” is on the screen`, async () => {
      return (await this.elements()).find((element) => element.name === name);
    });
  }

  async press(name: string): Promise<void> {
    await eventually(`“${name}” can be pressed`, () =>
      this.#screenReader('press', name).catch(() => undefined),
    );
  }

  /** What would be pasted elsewhere. */
  clipboard(): Promise<string> {
    return output(process.execPath, join(FIXTURES, 'clipboard.js'));
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
  }

  #screenReader(...words: string[]): Promise<string> {
    const program = join(FIXTURES, 'screen-reader.js');
    return output(process.execPath, program, String(this.pid), ...words);
  }
}

function isElements(value: unknown): value is readonly Element[] {
  return Array.isArray(value);
}
