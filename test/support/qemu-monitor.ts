import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A QEMU without a machine that a test runs itself, and asks by its monitor. */
export class QemuMonitor implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  private constructor(child: ChildProcess, answers: AsyncIterator<string>) {
    this.#process = child;
    this.#answers = answers;
  }

  /** @param program QEMU, or what becomes it */
  static async start(program: string, environment: NodeJS.ProcessEnv): Promise<QemuMonitor> {
    const words = ['-machine', 'none', '-nodefaults', '-display', 'none', '-qmp', 'stdio'];
    const child = spawn(program, words, {
      env: environment,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const monitor = new QemuMonitor(
      child,
      createInterface({ input: child.stdout })[Symbol.asyncIterator](),
    );
    await monitor.#answers.next();
    await monitor.ask('qmp_capabilities');
    return monitor;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Gives a command; returns what QEMU says against it, or null for done. */
  async ask(
    execute: string,
    words: Readonly<Record<string, unknown>> = {},
  ): Promise<string | null> {
    this.#process.stdin?.write(`${JSON.stringify({ execute, arguments: words })}\n`);
    for (;;) {
      const next = await this.#answers.next();
      if (next.done === true) throw new Error('QEMU has ended');
      const answer: unknown = JSON.parse(next.value);
      if (typeof answer !== 'object' || answer === null || 'event' in answer) continue;
      if (!('error' in answer)) return null;
      const { error } = answer;
      const said = typeof error === 'object' && error !== null && 'desc' in error;
      return said ? String(error.desc) : 'refused';
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}
