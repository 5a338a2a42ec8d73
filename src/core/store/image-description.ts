import { createHash } from 'node:crypto';

/** An image of a package on a web server, as far as the store has to know it. */
export interface ImageDescription {
  /** The address of the package without credentials, query and fragment. */
  readonly url: string;
  /** SHA-256 of the package's central directory, in hexadecimal. */
  readonly directoryDigest: string;
  /** The image's name in the package. */
  readonly member: string;
  readonly sizeBytes: number;
  readonly chunkBytes: number;
  /** Of the whole image. */
  readonly crc32: number;
  /** What people know the machine by, for lists. */
  readonly machineName: string;
}

/** The format of the store's layout, of its names and of what is kept with each image. */
export const STORE_FORMAT = 1;

/**
 * What tells images apart, 32 bytes: the same package at the same address, whatever its query (a
 * signature changes with every click), and nothing else. The central directory holds the size and the
 * CRC-32 of each member, so a package that was changed is another one.
 */
export function imageIdentity({ url, directoryDigest, member }: ImageDescription): Buffer {
  const parts = JSON.stringify([STORE_FORMAT, url, directoryDigest, member]);
  return createHash('sha256').update(parts).digest();
}

/** The name of an image's folder: its identity in hexadecimal. */
export function imageKey(description: ImageDescription): string {
  return imageIdentity(description).toString('hex');
}

export function isImageKey(name: string): boolean {
  return /^[0-9a-f]{64}$/.test(name);
}

/** An image's description as the text of its file `image.json`. */
export function formatDescription(description: ImageDescription): string {
  return `${JSON.stringify({ format: STORE_FORMAT, ...only(description) }, null, 2)}\n`;
}

/** Reads it back; null for what cannot be understood, as after a crash. */
export function parseDescription(text: string): ImageDescription | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return isDescription(value) ? only(value) : null;
}

/** A description without whatever else the object has. */
function only(description: ImageDescription): ImageDescription {
  const { url, directoryDigest, member, sizeBytes, chunkBytes, crc32, machineName } = description;
  return { url, directoryDigest, member, sizeBytes, chunkBytes, crc32, machineName };
}

function isDescription(value: unknown): value is ImageDescription {
  return (
    typeof value === 'object' &&
    value !== null &&
    'url' in value &&
    typeof value.url === 'string' &&
    'directoryDigest' in value &&
    typeof value.directoryDigest === 'string' &&
    'member' in value &&
    typeof value.member === 'string' &&
    'sizeBytes' in value &&
    isCount(value.sizeBytes) &&
    'chunkBytes' in value &&
    isCount(value.chunkBytes) &&
    'crc32' in value &&
    isCount(value.crc32) &&
    'machineName' in value &&
    typeof value.machineName === 'string'
  );
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && typeof value === 'number' && value >= 0;
}
