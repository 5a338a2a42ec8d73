import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { untilAborted } from '../../core/disposal/index.js';

/** Standard error, on which what is typed is shown only while something is asked that may be seen. */
class Screen extends Writable {
  silent = true;

  /** Asked by readline, which wraps long lines itself. */
  get columns(): number {
    return process.stderr.columns;
  }

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    if (!this.silent) process.stderr.write(chunk);
    done();
  }
}

/** Asks one thing after the other. The promises are rejected when there will be no answer. */
export interface Prompt {
  /** The answer may be empty. */
  ask(question: string): Promise<string>;
  /** As `ask`, without showing what is typed. */
  askSecret(question: string): Promise<string>;
}

/** Whether there is a terminal on which a person can be asked: standard input and error. */
export function hasTerminal(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/**
 * Asks on the terminal, which afterwards is as it was. Ctrl-C interrupts the whole program.
 *
 * @returns what `asking` returns; null when the person ends the input (Ctrl-D)
 * @throws the signal's reason once it is aborted
 */
export async function promptOnTerminal<Result>(
  signal: AbortSignal,
  asking: (prompt: Prompt) => Promise<Result>,
): Promise<Result | null> {
  signal.throwIfAborted();
  const screen = new Screen();
  const lines = createInterface({
    input: process.stdin,
    output: screen,
    terminal: true,
    // A password does not come back at the arrow keys.
    historySize: 0,
  });
  const closed = new AbortController();
  lines.once('close', () => {
    closed.abort();
  });
  // Keys come one by one meanwhile, so the terminal itself does not interrupt.
  lines.on('SIGINT', () => {
    process.kill(process.pid, 'SIGINT');
  });
  try {
    return await asking(promptOf(lines, screen, AbortSignal.any([signal, closed.signal])));
  } catch (error) {
    process.stderr.write('\n');
    signal.throwIfAborted();
    if (closed.signal.aborted) return null;
    throw error;
  } finally {
    lines.close();
  }
}

function promptOf(lines: Interface, screen: Screen, signal: AbortSignal): Prompt {
  // What is typed or pasted ahead answers the next question.
  const answers = lines[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const answer = await untilAborted(answers.next(), signal);
    if (answer.done === true) throw new Error('the input has ended');
    return answer.value;
  };
  // At once: the password may follow in the same breath.
  lines.on('line', () => {
    screen.silent = true;
  });
  return {
    ask: (question) => {
      screen.silent = false;
      lines.setPrompt(question);
      lines.prompt(true);
      return next();
    },
    askSecret: async (question) => {
      process.stderr.write(question);
      const secret = await next();
      process.stderr.write('\n');
      return secret;
    },
  };
}
