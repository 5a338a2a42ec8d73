import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a program to its end, for at most 20 s, and returns its standard output. */
export async function output(program: string, ...words: string[]): Promise<string> {
  const { stdout } = await execute(program, words, { timeout: 20_000 });
  return stdout.trim();
}
