import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { command } from '../../../scripts/command.js';

/** A command of the program that was started. */
export interface StartedProgram {
  readonly pid: number;
  readonly ended: Promise<{
    readonly status: number | null;
    readonly stdout: string;
    readonly stderr: string;
  }>;
  /** What it has printed so far. */
  stdout(): string;
  /** What it has said so far. */
  stderr(): string;
  kill(signal: NodeJS.Signals): void;
}

const started = new Set<ChildProcess>();

/** Ends what a failed test left running; for `afterEach`. */
export async function endPrograms(): Promise<void> {
  for (const child of started) {
    const ended = once(child, 'close');
    const kill = setTimeout(() => child.kill('SIGKILL'), 5000);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(kill);
  }
}

/** Starts a command of this checkout, in the folder of the caller or another, and collects what it prints. */
export function startProgram(
  name: 'vmnetx' | 'vmnetx-generate',
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
  folder?: string,
): StartedProgram {
  const child = spawn(command(name), words, {
    env: environment,
    ...(folder === undefined ? {} : { cwd: folder }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.add(child);
  child.once('close', () => started.delete(child));
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return {
    pid: child.pid ?? 0,
    ended: once(child, 'close').then(() => ({ status: child.exitCode, stdout, stderr })),
    stdout: () => stdout,
    stderr: () => stderr,
    kill: (signal) => void child.kill(signal),
  };
}

/** Checks a refusal: one line with the code, at most one with what to do, and never a stack. */
export function assertTold(stderr: string, code: string): void {
  const [line = '', ...more] = stderr.trimEnd().split('\n');
  assert.match(line, new RegExp(`^vmnetx: .+\\. \\(${code}\\)$`));
  assert.ok(more.length <= 1, stderr);
  assert.doesNotMatch(stderr, /\n +at |Error:/);
}
