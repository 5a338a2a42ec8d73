import { createCipheriv, createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, normalize } from 'node:path';

/** What a server says of a file's version; null where it says nothing. */
export interface Version {
  /** With its quotes, weak ones with `W/` before them. */
  readonly etag: string | null;
  readonly lastModified: Date | null;
}

/** A file as a server has it, wherever its bytes come from. */
export interface ServedFile extends Version {
  /** In bytes. */
  readonly size: number;
  /** The bytes from `offset` on, in order and in pieces of any size. */
  read(offset: number, length: number): AsyncIterable<Uint8Array>;
}

/** Where a server finds its files: by their paths, which begin with a slash. */
export type Files =
  | Readonly<Record<string, ServedFile>>
  | ((path: string) => ServedFile | null | Promise<ServedFile | null>);

const PIECE_BYTES = 256 * 1024;
const AES_BLOCK_BYTES = 16;
const SOME_DAY = new Date('2015-01-01T00:00:00Z');

/** A file whose bytes a function makes when they are asked for. */
export function computedFile(
  size: number,
  bytesAt: (offset: number, length: number) => Uint8Array,
  version: Partial<Version> = {},
): ServedFile {
  return {
    size,
    etag: '"one"',
    lastModified: SOME_DAY,
    ...version,
    // eslint-disable-next-line @typescript-eslint/require-await -- others read from disks
    async *read(offset, length) {
      for (let at = offset; at < offset + length; at += PIECE_BYTES) {
        yield bytesAt(at, Math.min(PIECE_BYTES, offset + length - at));
      }
    },
  };
}

/** A file in memory. Its bytes may change while it is served. */
export function bytesFile(bytes: Uint8Array, version?: Partial<Version>): ServedFile {
  const bytesAt = (offset: number, length: number) => bytes.subarray(offset, offset + length);
  return computedFile(bytes.length, bytesAt, version);
}

/** A file of any size that needs no room: {@link generatedBytes} of its seed. */
export function generatedFile(size: number, seed: number, version?: Partial<Version>): ServedFile {
  return computedFile(size, (offset, length) => generatedBytes(seed, offset, length), version);
}

/** A part of an endless file of noise, the same for the same seed (AES in counter mode). */
export function generatedBytes(seed: number, offset: number, length: number): Buffer {
  const key = createHash('sha256').update(`generated ${seed}`).digest().subarray(0, 16);
  const counter = Buffer.alloc(AES_BLOCK_BYTES);
  const skipped = offset % AES_BLOCK_BYTES;
  counter.writeBigUInt64BE(BigInt((offset - skipped) / AES_BLOCK_BYTES), 8);
  const zeros = Buffer.alloc(skipped + length);
  return createCipheriv('aes-128-ctr', key, counter).update(zeros).subarray(skipped);
}

/** The files of a folder as they are at the time of each request, tagged as nginx does it. */
export function folderFiles(folder: string): (path: string) => Promise<ServedFile | null> {
  return async (path) => {
    const place = join(folder, normalize(`/${path}`));
    const found = await stat(place).catch(() => null);
    if (found?.isFile() !== true) return null;
    const { size, mtime } = found;
    const seconds = Math.floor(mtime.getTime() / 1000);
    return {
      size,
      etag: `"${seconds.toString(16)}-${size.toString(16)}"`,
      lastModified: mtime,
      read: (offset, length) => readPart(place, offset, length),
    };
  };
}

async function* readPart(path: string, offset: number, length: number): AsyncGenerator<Buffer> {
  // A stream cannot be told to read nothing.
  if (length === 0) return;
  const stream = createReadStream(path, {
    start: offset,
    end: offset + length - 1,
    highWaterMark: PIECE_BYTES,
  });
  for await (const piece of stream) {
    if (Buffer.isBuffer(piece)) yield piece;
  }
}
