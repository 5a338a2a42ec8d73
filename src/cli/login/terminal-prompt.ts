import { createInterface, type Interface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Standard error, on which what is typed can be kept from being shown. */
class Screen extends Writable {
  silent = false;

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
  return {
    ask: (question) => lines.question(question, { signal }),
    askSecret: async (question) => {
      const answer = lines.question(question, { signal });
      screen.silent = true;
      try {
        const secret = await answer;
        process.stderr.write('\n');
        return secret;
      } finally {
        screen.silent = false;
      }
    },
  };
}
