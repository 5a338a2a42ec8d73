import { fail } from '../errors/index.js';
import { FileLock } from './file-lock.js';
import type { Folder } from './folder.js';
import { STORE_FORMAT } from './image-description.js';
import { readText, replaceText } from './text-file.js';

/** How long another process may need to look through the whole store, in milliseconds. */
const LOCK_MILLISECONDS = 10_000;

const TAG = 'CACHEDIR.TAG';
/** The first bytes of the file, by the Cache Directory Tagging Specification 0.6. */
const TAG_SIGNATURE = 'Signature: 8a477f597d28d172789f06886806bc55';
const TAG_TEXT = `${TAG_SIGNATURE}
# This folder was made by VMNetX. What is in it can be fetched again: backups may leave it out.
# See https://bford.info/cachedir/
`;

/**
 * Does something that only one process may do at a time in the whole store.
 *
 * @throws VmnetxError `store-busy` when another one takes too long
 */
export async function withStoreLock<Value>(
  root: Folder,
  work: () => Promise<Value>,
): Promise<Value> {
  const lock = new FileLock(await root.makeFile('lock'), root.path);
  try {
    await lock.wait('exclusive', LOCK_MILLISECONDS);
    return await work();
  } finally {
    await lock.close();
  }
}

/** Writes what marks the folder as a store and as a cache, where it is missing. With the lock. */
export async function markStore(root: Folder): Promise<void> {
  if (!(await isMarked(root))) {
    await replaceText(root, 'store.json', `${JSON.stringify({ format: STORE_FORMAT })}\n`);
  }
  const tag = await readText(root, TAG);
  if (tag?.startsWith(TAG_SIGNATURE) !== true) await replaceText(root, TAG, TAG_TEXT);
}

/**
 * Whether the folder says that it is a store of this format. What cannot be understood, as after a
 * crash, says nothing.
 *
 * @throws VmnetxError `store-newer`
 */
export async function isMarked(root: Folder): Promise<boolean> {
  const text = await readText(root, 'store.json');
  const format = text === null ? null : formatOf(text);
  if (format !== null && format > STORE_FORMAT) throw fail('store-newer', { path: root.path });
  return format === STORE_FORMAT;
}

function formatOf(text: string): number | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' &&
      value !== null &&
      'format' in value &&
      typeof value.format === 'number'
      ? value.format
      : null;
  } catch {
    return null;
  }
}
