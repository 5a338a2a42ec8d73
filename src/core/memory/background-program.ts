import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fail } from '../errors/index.js';
import { cleanText } from '../text/index.js';
import type { Tool } from './tools.js';

/** The guest comes first. Where there is no ionice, the kernel derives it from the other priority. */
const BEHIND_ALL = `if command -v ionice >/dev/null; then set -- ionice -t -c 3 "$@"; fi
exec nice -n 19 "$@"`;

/** As much of a program's complaints as is kept, in characters. */
const MAX_COMPLAINT = 500;

/** What nice and ionice end with when they do not find the program that they are to become. */
const NOT_FOUND = 127;

export interface BackgroundProgram {
  readonly tool: Tool;
  /** What a shell does before it becomes the program, such as setting a limit. */
  readonly before: string;
  readonly input: number | Readable | 'ignore';
  readonly output: number | 'pipe';
}

/** How a program ended. */
export interface Ending {
  readonly succeeded: boolean;
  /** For the log. */
  readonly detail: string;
}

/** A program that runs behind everything else, from its start to its end. */
export class RunningProgram {
  /** @throws VmnetxError `host-program-missing` */
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;

  constructor({ tool, before, input, output }: BackgroundProgram) {
    const stdio: StdioOptions = [input, output, 'pipe'];
    this.#child = spawn(
      '/bin/sh',
      ['-c', `${before} || exit\n${BEHIND_ALL}`, 'sh', ...tool.command],
      {
        stdio,
        env: { ...process.env, LC_ALL: 'C' },
      },
    );
    this.ended = endOf(this.#child, tool);
    // It may be waited for later.
    this.ended.catch(() => undefined);
  }

  /** The pipe of its standard output, or null. */
  get output(): Readable | null {
    return this.#child.stdout;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

async function endOf(child: ChildProcess, tool: Tool): Promise<Ending> {
  const [program] = tool.command;
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(0, MAX_COMPLAINT);
  });
  const status = await new Promise<number | null>((done, failed) => {
    child.on('error', failed).on('close', done);
  });
  const said = cleanText(complaint.trim(), MAX_COMPLAINT);
  const detail = `${said} (${program}: ${status ?? child.signalCode ?? 'killed'})`;
  if (status === NOT_FOUND) {
    throw fail('host-program-missing', { program, package: tool.package }, { detail });
  }
  return { succeeded: status === 0, detail };
}
