import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from './wait.js';

/** Runs a program on a terminal of its own, whose other end are standard input and output. */
const PTY = `
import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))
`;

/** What the terminal is set to when the program has ended: whoever changed it must have put it back. */
const THEN_SETTINGS = 'trap : INT; "$@"; status=$?; stty -a; exit $status';

/** A program on a real terminal, typed into as a person does. */
export class Terminal implements AsyncDisposable {
  readonly #process: ChildProcessWithoutNullStreams;
  /** The exit status of the program. */
  readonly ended: Promise<number | null>;
  #shown = '';
  #read = 0;

  constructor(words: readonly string[], environment: NodeJS.ProcessEnv) {
    const shell = ['sh', '-c', THEN_SETTINGS, 'sh'];
    this.#process = spawn('python3', ['-c', PTY, ...shell, ...words], {
      env: { TERM: 'xterm', ...environment },
    });
    this.#process.stdout.setEncoding('utf8').on('data', (text: string) => (this.#shown += text));
    this.ended = once(this.#process, 'close').then(() => this.#process.exitCode);
  }

  /** Everything that was on the screen so far. */
  get shown(): string {
    return this.#shown;
  }

  /** Whether the terminal was set as usual at the end: keys are shown, and interrupt. */
  get isAsBefore(): boolean {
    const words = this.#shown.split(/\s+/);
    return ['echo', 'icanon', 'isig'].every((setting) => words.includes(setting));
  }

  /** The process that runs the shell, which runs the program. */
  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Waits until this is shown, after what was waited for before. */
  async see(text: string): Promise<void> {
    await eventually(
      `the terminal shows “${text}”`,
      () => {
        const at = this.#shown.indexOf(text, this.#read);
        return at < 0 ? undefined : (this.#read = at + text.length);
      },
      15_000,
    ).catch((error: unknown) => {
      throw new Error(`It shows:\n${this.#shown}`, { cause: error });
    });
  }

  type(keys: string): void {
    this.#process.stdin.write(keys);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The shell and what it runs get a hang-up with the end of their terminal.
    this.#process.kill('SIGKILL');
    await this.ended;
  }
}
