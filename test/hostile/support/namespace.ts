import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A user namespace in which something is mounted that nobody but root could mount outside of it. */
export class Namespace implements AsyncDisposable {
  readonly #holder: ChildProcess;

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  /** @param line of shell, which finds the folder as `$1` */
  static async make(line: string, folder: string): Promise<Namespace> {
    const script = `${line}; echo ready; exec sleep 120`;
    const options = ['--user', '--mount', '--map-current-user', '--keep-caps'];
    const holder = spawn('unshare', [...options, 'sh', '-euc', script, 'sh', folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')]);
    assert.equal(holder.exitCode, null, `what is mounted in a namespace: ${line}`);
    return new Namespace(holder);
  }

  /** A path by which others find what is there in the namespace. */
  seen(path: string): string {
    return `/proc/${this.#holder.pid ?? 0}/root${path}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#holder, 'exit');
    this.#holder.kill('SIGKILL');
    await ended;
  }
}
