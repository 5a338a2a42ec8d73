import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Calls virsh on the user's own libvirt; returns what it prints. Ends after 30 s at the latest. */
export async function virsh(...words: readonly string[]): Promise<string> {
  const { stdout } = await run('virsh', ['-q', '-c', 'qemu:///session', ...words], {
    timeout: 30_000,
    encoding: 'utf8',
  });
  return stdout;
}
