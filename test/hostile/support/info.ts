import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { startProgram } from '../../e2e/support/program.js';

const PROCESS = join(import.meta.dirname, 'info-process.js');

/** How a command ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * `vmnetx info` for many locations: for the first of them by the command itself, for the others by a
 * process that goes on, because starting the command takes longer than what it does.
 */
export class Info implements AsyncDisposable {
  readonly #process: ChildProcess;
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly environment: NodeJS.ProcessEnv) {
    this.#process = fork(PROCESS, { env: environment });
  }

  /** @param folder where relative locations begin */
  async ofAll(locations: readonly string[], folder: string): Promise<readonly Ended[]> {
    const [first, ...others] = locations;
    if (first === undefined) throw new Error('there is nothing to look at');
    const words = ['info', '--', first];
    const ended = await startProgram('vmnetx', words, this.environment, folder).ended;
    return others.length === 0 ? [ended] : [ended, ...(await this.#ofOthers(others, folder))];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.signalCode !== null) return;
    const closed = once(this.#process, 'close');
    this.#process.kill('SIGKILL');
    await closed;
  }

  /** One caller after the other: the process has one current folder. */
  #ofOthers(locations: readonly string[], folder: string): Promise<readonly Ended[]> {
    const answer = this.#last.then(async () => {
      this.#process.send({ folder, locations });
      const messages: readonly unknown[] = await once(this.#process, 'message');
      const [ended] = messages;
      if (!isEndedList(ended)) throw new Error('The process gave a strange answer');
      return ended;
    });
    this.#last = answer.catch(() => undefined);
    return answer;
  }
}

function isEndedList(value: unknown): value is readonly Ended[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null);
}
