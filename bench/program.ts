import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { deadline } from '../src/core/disposal/index.js';

/** For a program that was asked to end, unless it has more to do, and after it was killed. */
const END_MILLISECONDS = 5000;
const POLL_MILLISECONDS = 10;
/** As much of a program's messages as is kept, in characters. */
const MAX_SAID = 4000;

/** A program in a process group of its own, which its owner ends. */
export class Program {
  readonly #ended: Promise<void>;
  #said = '';

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {
    const keep = (text: string): void => {
      this.#said = (this.#said + text).slice(-MAX_SAID);
    };
    child.stdout?.setEncoding('utf8').on('data', keep);
    child.stderr?.setEncoding('utf8').on('data', keep);
    this.#ended = new Promise((resolve) => {
      child.once('close', () => {
        resolve();
      });
      child.once('error', (error) => {
        keep(String(error));
        resolve();
      });
    });
  }

  /** @param environment the whole one */
  static start(words: readonly string[], environment: NodeJS.ProcessEnv = process.env): Program {
    const [name = '', ...rest] = words;
    const options = { detached: true, env: environment } as const;
    return new Program(name, spawn(name, rest, { ...options, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** What it printed last, both ways. */
  get said(): string {
    return this.#said;
  }

  get running(): boolean {
    return (
      this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null
    );
  }

  /**
   * Waits until it works.
   *
   * @param limit in milliseconds
   * @throws Error with what it said if it ends before, or needs longer
   */
  async ready(works: () => Promise<boolean>, limit: number, signal: AbortSignal): Promise<void> {
    const end = performance.now() + limit;
    while (!(await works())) {
      signal.throwIfAborted();
      if (!this.running) throw new Error(`${this.name} ended: ${this.said}`);
      if (performance.now() > end) throw new Error(`${this.name} does not start: ${this.said}`);
      await sleep(POLL_MILLISECONDS);
    }
  }

  /**
   * Waits for its end by itself; kills it when the time is up or the signal comes.
   *
   * @param limit in milliseconds
   * @throws Error with what it said unless its status is 0
   */
  async finish(limit: number, signal: AbortSignal): Promise<void> {
    const kill = (): void => {
      this.#signalGroup('SIGKILL');
    };
    signal.addEventListener('abort', kill, { once: true });
    const timer = setTimeout(kill, limit);
    try {
      signal.throwIfAborted();
      // Killed, it may still wait for a mount that does not answer; nobody waits for it then.
      await deadline(this.#ended, limit + END_MILLISECONDS, this.name);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', kill);
    }
    signal.throwIfAborted();
    if (this.child.exitCode === 0) return;
    const how = this.child.signalCode ?? `status ${this.child.exitCode ?? 'unknown'}`;
    throw new Error(`${this.name} failed (${how}): ${this.said}`);
  }

  /**
   * Asks it to end, kills its group if it does not. May be called twice.
   *
   * @param limit before it is killed, in milliseconds
   */
  async end(limit = END_MILLISECONDS): Promise<void> {
    this.#signalGroup('SIGTERM');
    await this.#endedWithin(limit);
    this.#signalGroup('SIGKILL');
    await this.#endedWithin(END_MILLISECONDS);
  }

  async #endedWithin(milliseconds: number): Promise<void> {
    if (!this.running) return;
    const stop = new AbortController();
    await Promise.race([this.#ended, sleep(milliseconds, undefined, stop).catch(() => undefined)]);
    stop.abort();
  }

  #signalGroup(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined || !this.running) return;
    try {
      process.kill(-this.child.pid, signal);
    } catch {
      // The group is gone.
    }
  }
}

/** Runs a short program to its end. */
export async function runProgram(words: readonly string[], signal: AbortSignal): Promise<string> {
  const program = Program.start(words);
  await program.finish(60_000, signal);
  return program.said;
}
