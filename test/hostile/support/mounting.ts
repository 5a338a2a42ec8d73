import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProgram } from '../../e2e/support/program.js';
import { until } from '../../support/wait.js';

/**
 * Mounts a package, reads its disk to the end if it can be mounted, and unmounts it.
 *
 * @param words what names the package, with the options that go with it
 * @param directory an empty folder
 * @returns what was told meanwhile, and the disk as far as it could be read
 */
export async function readMounted(
  words: readonly string[],
  directory: string,
  environment: NodeJS.ProcessEnv,
): Promise<{ readonly stderr: string; readonly disk: Buffer | null }> {
  const program = startProgram('vmnetx', ['mount', ...words, directory], environment);
  const state = { ended: false };
  void program.ended.then(() => (state.ended = true));
  await until('it has mounted or ended', () => state.ended || program.stdout() !== '');
  const disk = state.ended ? null : await readFile(join(directory, 'disk')).catch(() => null);
  if (!state.ended) await until('it says why', () => program.stderr() !== '');
  program.kill('SIGINT');
  return { stderr: (await program.ended).stderr, disk };
}
