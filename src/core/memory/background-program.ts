import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import type { Readable } from 'node:stream';
import { confinedFilter, NOT_RUN } from '../confinement/index.js';
import { fail } from '../errors/index.js';
import { cleanText } from '../text/index.js';
import { MAX_TOOL_BYTES } from './limits.js';
import type { Tool } from './tools.js';

/** The guest comes first. Where there is no ionice, the kernel derives it from the other priority. */
const BEHIND_ALL = `if command -v ionice >/dev/null; then set -- ionice -t -c 3 "$@"; fi
exec nice -n 19 "$@"`;

/** As much of a program's complaints as is kept, in characters. */
const MAX_COMPLAINT = 500;

export interface BackgroundProgram {
  readonly tool: Tool;
  /** What a shell does before it becomes the program, such as setting a limit; may be empty. */
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

/** A program that runs behind everything else, from its start to its end, confined to its input and output. */
export class RunningProgram {
  /** @throws VmnetxError `host-program-missing` */
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, tool: Tool) {
    this.#child = child;
    this.ended = endOf(child, tool);
    // It may be waited for later.
    this.ended.catch(() => undefined);
  }

  /** @throws VmnetxError `host-not-built` */
  static async start({ tool, before, input, output }: BackgroundProgram): Promise<RunningProgram> {
    const { path, words, variables } = await confinedFilter(tool.command, MAX_TOOL_BYTES);
    const script = `${before}\n${BEHIND_ALL}`;
    const stdio: StdioOptions = [input, output, 'pipe'];
    const how = { stdio, env: variables };
    return new RunningProgram(spawn('/bin/sh', ['-ec', script, 'sh', path, ...words], how), tool);
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
  if (status === NOT_RUN.missing) {
    throw fail('host-program-missing', { program, package: tool.package }, { detail });
  }
  return { succeeded: status === 0, detail };
}
