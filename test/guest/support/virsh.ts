import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
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

/** Waits until the check holds; an error that names what was waited for after the given time. */
export async function eventually(
  what: string,
  milliseconds: number,
  check: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`After ${milliseconds} ms still not: ${what}.`);
    await sleep(50);
  }
}
