import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { fileError } from '../errors/index.js';
import { FileLock } from './file-lock.js';
import type { Folder } from './folder.js';
import type { ImageDescription } from './image-description.js';
import { generationOf } from './present-bytes.js';
import { readText, replaceText } from './text-file.js';
import { isRefusal } from './trust.js';

/** Read at a time: the event loop rests after each, which takes less than a millisecond. */
const PIECE_BYTES = 1024 * 1024;

/**
 * What an image is, compared with the CRC-32 of its package; `elsewhere`: another process compares it at
 * this moment.
 */
export type Verdict = 'intact' | 'wrong' | 'elsewhere';

/**
 * Checks an image of which all chunks are there, and remembers one that is intact.
 *
 * @param data at least as long as the image
 * @throws VmnetxError `host-…`, or the signal's reason
 */
export async function checkImage(
  folder: Folder,
  data: FileHandle,
  description: ImageDescription,
  signal: AbortSignal,
): Promise<Verdict> {
  const lock = new FileLock(await folder.makeFile('used'), folder.path);
  try {
    if (!lock.try('exclusive')) return 'elsewhere';
    if (await isVerified(folder, description)) return 'intact';
    const generation = await generationOf(folder, description);
    const found = await crc32Of(data, description.sizeBytes, signal).catch((error: unknown) => {
      throw fileError(folder.path, error);
    });
    if (found !== description.crc32) return 'wrong';
    await replaceText(folder, 'verified', generation ?? '');
    return 'intact';
  } finally {
    await lock.close();
  }
}

/**
 * Whether all of the image was there once and was what was packed. That is noted with the generation
 * of the record: it does not outlive a record that is started anew.
 */
export async function isVerified(folder: Folder, description: ImageDescription): Promise<boolean> {
  const noted = await readText(folder, 'verified').catch((error: unknown) => {
    if (!isRefusal(error)) throw error;
    return null;
  });
  return noted !== null && noted !== '' && noted === (await generationOf(folder, description));
}

/** What was verified is no longer whole. */
export function forgetVerified(folder: Folder): Promise<void> {
  return folder.remove('verified');
}

async function crc32Of(file: FileHandle, sizeBytes: number, signal: AbortSignal): Promise<number> {
  const buffer = Buffer.allocUnsafe(Math.min(PIECE_BYTES, sizeBytes));
  let crc = 0;
  for (let at = 0; at < sizeBytes;) {
    signal.throwIfAborted();
    const wanted = Math.min(buffer.length, sizeBytes - at);
    const { bytesRead } = await file.read(buffer, 0, wanted, at);
    if (bytesRead === 0) break;
    crc = crc32(buffer.subarray(0, bytesRead), crc);
    at += bytesRead;
  }
  return crc;
}
