import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { output } from './programs.js';

const SCREEN_READER = fileURLToPath(new URL('./screen-reader.js', import.meta.url));
const ANSWER_MILLISECONDS = 20_000;

/** Looks at the screen once; the words are those of `screen-reader.ts`. */
export function readScreen(...words: readonly string[]): Promise<string> {
  return output(process.execPath, SCREEN_READER, ...words);
}

/** Looks at the screen again and again, by a process that goes on: starting it is what takes long. */
export class ScreenReader implements AsyncDisposable {
  readonly #process: ChildProcess = fork(SCREEN_READER);
  #last: Promise<unknown> = Promise.resolve();

  /** The same as {@link readScreen}. */
  read(...words: readonly string[]): Promise<string> {
    const answer = this.#last.then(() => this.#ask(words));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const closed = once(this.#process, 'close');
    this.#process.kill('SIGKILL');
    await closed;
  }

  async #ask(words: readonly string[]): Promise<string> {
    const signal = AbortSignal.timeout(ANSWER_MILLISECONDS);
    this.#process.send(words);
    const messages: readonly unknown[] = await once(this.#process, 'message', { signal });
    const [answer] = messages;
    if (typeof answer !== 'string') throw new Error(`The screen does not have ${words.join(' ')}`);
    return answer;
  }
}
