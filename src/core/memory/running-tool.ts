import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { LAUNCHER, NOT_RUN, type ConfinedFilter } from '../confinement/index.js';
import { fail } from '../errors/index.js';
import { cleanText } from '../text/index.js';
import type { Tool } from './tools.js';

/** As much of a program's complaints as is kept, in characters. */
const MAX_COMPLAINT = 500;

/** What a program reads and writes; a pipe that was read from is no longer whole. */
export interface ToolEnds {
  readonly input: number | Readable | 'ignore';
  readonly output: number | 'pipe';
}

/** How a program ended. */
export interface Ending {
  /** Null where it was killed. */
  readonly status: number | null;
  /** What killed it. */
  readonly signal: NodeJS.Signals | null;
  /** What it said of that; for the log. */
  readonly detail: string;
}

/** A program that runs, confined to its input and output, until it ends, is stopped, or a signal is aborted. */
export class RunningTool {
  /** @throws VmnetxError `host-program-missing`, `host-not-built` */
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;

  /**
   * Starts it before anything else happens.
   *
   * @param run what is run, which becomes the tool
   * @param signal not yet aborted
   */
  constructor(tool: Tool, run: ConfinedFilter, { input, output }: ToolEnds, signal: AbortSignal) {
    const { path, words, variables } = run;
    this.#child = spawn(path, words, { stdio: [input, output, 'pipe'], env: variables });
    const kill = (): void => {
      this.#child.kill('SIGKILL');
    };
    signal.addEventListener('abort', kill, { once: true });
    this.ended = endOf(this.#child, tool).finally(() => {
      signal.removeEventListener('abort', kill);
    });
    // It may be waited for later.
    this.ended.catch(() => undefined);
  }

  /** The pipe of its standard output, or null: a program that could not be started has none. */
  get output(): Readable | null {
    return this.#child.stdout;
  }

  /** Kills it if it still runs. What it wrote and nobody read is gone. */
  async stop(): Promise<void> {
    this.output?.destroy();
    this.#child.kill('SIGKILL');
    await this.ended.catch(() => null);
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
  const signal = child.signalCode;
  const said = cleanText(complaint.trim(), MAX_COMPLAINT);
  const detail = `${said} (${program}: ${status ?? signal ?? 'killed'})`;
  if (status === NOT_RUN.missing) {
    throw fail('host-program-missing', { program, package: tool.package }, { detail });
  }
  if (status === NOT_RUN.unconfined) throw fail('host-not-built', { part: LAUNCHER }, { detail });
  return { status, signal, detail };
}
