import { readdir, readFile } from 'node:fs/promises';

/** The live processes that a process started and whose command line has the word. */
export async function childrenOf(parent: number, word: string): Promise<readonly number[]> {
  const found: number[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const [status = '', command = ''] = await Promise.all(
      ['status', 'cmdline'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')),
    );
    // One that has ended and waits for its parent has no command line.
    if (status.includes(`\nPPid:\t${parent}\n`) && command.includes(word)) found.push(Number(pid));
  }
  return found;
}
