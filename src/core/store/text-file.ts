import { fileError } from '../errors/index.js';
import type { Folder } from './folder.js';
import { unsafe } from './trust.js';

/** The longest text that the store writes is some 20 KiB: an address of 8 KiB, escaped. */
const MAX_TEXT_BYTES = 64 * 1024;

/** Reads a small text, or null if there is none. */
export async function readText(folder: Folder, name: string): Promise<string | null> {
  const file = await folder.file(name);
  if (file === null) return null;
  try {
    if ((await file.stat()).size > MAX_TEXT_BYTES) {
      throw unsafe(`${folder.path}/${name}`, 'it is too long');
    }
    return await file.readFile('utf8');
  } catch (error) {
    throw fileError(`${folder.path}/${name}`, error);
  } finally {
    await file.close();
  }
}

/**
 * Writes a small text in place of what is there, as a whole or not at all. Only for who has the
 * exclusive lock: the unfinished text has one name for all.
 */
export async function replaceText(folder: Folder, name: string, text: string): Promise<void> {
  const unfinished = `${name}.new`;
  await folder.remove(unfinished);
  const file = await folder.makeFile(unfinished);
  try {
    await file.writeFile(text);
  } catch (error) {
    throw fileError(`${folder.path}/${name}`, error);
  } finally {
    await file.close();
  }
  await folder.rename(unfinished, name);
}
