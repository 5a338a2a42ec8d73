import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PNG } from 'pngjs';

const execute = promisify(execFile);

/** Runs a program to its end, for at most 20 s, and returns its standard output. */
export async function output(program: string, ...words: string[]): Promise<string> {
  const { stdout } = await execute(program, words, { timeout: 20_000 });
  return stdout.trim();
}

/** A picture of the whole screen. */
export async function screenshot(): Promise<PNG> {
  const options = { encoding: 'buffer', timeout: 20_000, maxBuffer: 32 << 20 } as const;
  const { stdout } = await execute('maim', ['--hidecursor'], options);
  return PNG.sync.read(stdout);
}
