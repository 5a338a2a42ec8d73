import { fileError } from '../errors/index.js';
import { mkdtemp, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/**
 * Makes a file that appears as a whole or not at all. `work` gets a private folder beside it, where
 * anything may lie for the time being, writes the file there and returns its path; the file is then
 * made durable and moved to `outPath` in one step. Nothing else stays, whatever happens.
 *
 * @throws VmnetxError `host-…`, and what `work` throws
 */
export async function writeThroughScratch(
  outPath: string,
  work: (scratch: string) => Promise<string>,
): Promise<void> {
  const target = resolve(outPath);
  const folder = dirname(target);
  let scratch: string;
  try {
    scratch = await mkdtemp(join(folder, `.${basename(target)}.`));
  } catch (error) {
    throw fileError(folder, error);
  }
  try {
    const finished = await work(scratch);
    await sync(finished);
    await rename(finished, target);
    await sync(folder);
  } catch (error) {
    throw fileError(outPath, error);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
