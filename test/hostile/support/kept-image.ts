import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder of the one image that a store has. */
export async function keptImage(store: string): Promise<string> {
  const [key] = await readdir(join(store, 'images'));
  if (key === undefined) throw new Error('nothing is kept');
  return join(store, 'images', key);
}
