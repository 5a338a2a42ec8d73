import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LoginQuestion } from '../../../src/core/login/index.js';
import { checkout } from '../../support/checkout.js';
import { output } from '../../support/programs.js';
import { ScreenReader } from '../../support/screen-reading.js';
import { eventually } from '../../support/wait.js';
import { WindowOnScreen } from '../../support/window-on-screen.js';
import type { ScriptedActivity } from '../fixtures/scripted-activity.js';
import type { ScriptedState, WindowEvent } from '../fixtures/scripted-window.js';

const FIXTURES = join(checkout, 'dist/test/ui/fixtures');

/** The real window in a process of its own; what its session says is up to the test. */
export class ShownWindow extends WindowOnScreen implements AsyncDisposable {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #reader: ScreenReader;
  readonly #events: string[] = [];
  readonly ended: Promise<{ readonly status: number | null; readonly stderr: string }>;

  /** @param environment `TEST_TITLE`, `TEST_CONFIRM`, `TEST_FULL_SCREEN`, `TEST_LOG` and `TEST_CLOSE_MILLISECONDS`, see scripted-window.ts */
  constructor(environment: Readonly<Record<string, string>> = {}) {
    const child = spawn(process.execPath, [join(FIXTURES, 'show-session.cjs')], {
      env: { ...process.env, NODE_NO_WARNINGS: '1', ...environment },
    });
    const reader = new ScreenReader();
    super(child.pid ?? 0, reader);
    this.#process = child;
    this.#reader = reader;
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.stdout.on('data', (data: Buffer) => {
      this.#events.push(...data.toString().split('\n').filter(Boolean));
    });
    this.ended = once(child, 'close').then(() => ({ status: child.exitCode, stderr }));
  }

  /** The session takes this state. */
  feed(state: ScriptedState): void {
    this.#process.stdin.write(`${JSON.stringify(state)}\n`);
  }

  /** The session writes this line down. */
  write(line: string): void {
    this.#process.stdin.write(`#${line}\n`);
  }

  /** Whoever looks at what the session's machine does sees this. */
  tell(activity: ScriptedActivity): void {
    this.#process.stdin.write(`${JSON.stringify({ activity })}\n`);
  }

  /** The session wants somebody to log in. */
  login(question: LoginQuestion): void {
    this.#process.stdin.write(`${JSON.stringify({ login: question })}\n`);
  }

  /** Waits until the window has asked this of the session; each asking counts once. */
  async asked(event: WindowEvent): Promise<void> {
    await eventually(`the window asks “${event}”`, () => {
      const at = this.#events.indexOf(event);
      return at < 0 ? undefined : this.#events.splice(0, at + 1);
    });
  }

  /** Waits until the window asks anything of the session. */
  askedFirst(): Promise<string> {
    return eventually('the window asks something', () => this.#events.shift());
  }

  /** The names of what is on the screen, as far as they are like this. */
  async namesLike(pattern: RegExp): Promise<readonly string[]> {
    return (await this.elements()).map(({ name }) => name).filter((name) => pattern.test(name));
  }

  /** What would be pasted elsewhere. */
  clipboard(): Promise<string> {
    return output(process.execPath, join(FIXTURES, 'clipboard.js'));
  }

  /** The picture that would be pasted, as PNG. */
  async clipboardPicture(): Promise<Buffer> {
    const words = [join(FIXTURES, 'clipboard.js'), 'picture'];
    const how = { encoding: 'buffer', timeout: 20_000, maxBuffer: 32 << 20 } as const;
    return (await promisify(execFile)(process.execPath, words, how)).stdout;
  }

  /** What its process has in memory, in bytes. */
  async memory(): Promise<number> {
    const status = await readFile(`/proc/${this.pid}/status`, 'utf8');
    return 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
    await this.#reader[Symbol.asyncDispose]();
  }
}
