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

/** Where a command is called: relative locations begin in the folder. */
export interface Surroundings {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * `vmnetx info` for many locations: for the first of them by the command itself, for the others by a
 * process that goes on, because starting the command takes longer than what it does.
 */
export class Info implements AsyncDisposable {
  readonly #process: ChildProcess;
  #last: Promise<unknown> = Promise.resolve();

  constructor(environment: NodeJS.ProcessEnv) {
    this.#process = fork(PROCESS, { env: environment });
  }

  /** @param calls the words after `vmnetx` of each */
  async ofAll(
    calls: readonly (readonly string[])[],
    surroundings: Surroundings,
  ): Promise<readonly Ended[]> {
    const [first, ...others] = calls;
    if (first === undefined) throw new Error('there is nothing to look at');
    const { environment, folder } = surroundings;
    const ended = await startProgram('vmnetx', first, environment, folder).ended;
    return others.length === 0 ? [ended] : [ended, ...(await this.#ofOthers(others, surroundings))];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.signalCode !== null) return;
    const closed = once(this.#process, 'close');
    this.#process.kill('SIGKILL');
    await closed;
  }

  /** One caller after the other: the process has one current folder. */
  #ofOthers(
    calls: readonly (readonly string[])[],
    surroundings: Surroundings,
  ): Promise<readonly Ended[]> {
    const answer = this.#last.then(async () => {
      this.#process.send({ ...surroundings, calls });
      const messages: readonly unknown[] = await once(this.#process, 'message');
      const [ended] = messages;
      if (!isEndedList(ended)) throw new Error('The process gave a strange answer');
      return ended;
    });
    this.#last = answer.catch(() => undefined);
    return answer;
  }
}

/** By a command for each, all at the same time: for what takes long without doing anything. */
export function infoAtOnce(
  calls: readonly (readonly string[])[],
  { folder, environment }: Surroundings,
): Promise<readonly Ended[]> {
  return Promise.all(
    calls.map((words) => startProgram('vmnetx', words, environment, folder).ended),
  );
}

function isEndedList(value: unknown): value is readonly Ended[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null);
}
