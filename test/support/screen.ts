import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PNG } from 'pngjs';

const execute = promisify(execFile);

/** A picture of the whole X11 screen or of one window, without the pointer. */
export async function takeScreenshot(window?: string): Promise<PNG> {
  const of = window === undefined ? [] : ['--window', window];
  const options = { encoding: 'buffer', timeout: 20_000, maxBuffer: 32 << 20 } as const;
  const { stdout } = await execute('maim', ['--hidecursor', ...of], options);
  return PNG.sync.read(stdout);
}
