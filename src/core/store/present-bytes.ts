import { readFile, type FileHandle } from 'node:fs/promises';
import type { Folder } from './folder.js';
import type { ImageDescription } from './image-description.js';
import { isRefusal } from './trust.js';

// Reads what native/chunkfs writes (docs/store-record.md, of which this is version 1), for lists: it
// checks no checksums, and nothing is served because of what it says.

const VERSION = 1;
const HEADER_BYTES = 4096;
/** More than native/chunkfs takes are not counted: it would keep nothing of such an image. */
const MOST_CHUNKS = 2 ** 26;

/** Where things lie in the headers of the two files, and where their bitmaps begin, in bytes. */
const RECORD = { magic: 'VMNXrec\n', generation: 16, sizeBytes: 64, chunkBytes: 72, bitmap: 4096 };
const LIVE = { magic: 'VMNXliv\n', generation: 32, sizeBytes: 48, chunkBytes: 56, bitmap: 36_864 };
const LIVE_BOOT = 16;
const ID_BYTES = 16;

/** The generation of an image's record, in hexadecimal: another one when it was started anew. */
export async function generationOf(
  folder: Folder,
  description: ImageDescription,
): Promise<string | null> {
  return withFile(folder, 'record', async (file) => {
    const header = await readHeader(file, RECORD, description);
    return header === null ? null : idAt(header, RECORD.generation);
  });
}

/**
 * How many bytes of an image are there: by its live file if that belongs to this boot and to the
 * record, else by the record.
 */
export async function presentBytes(
  folder: Folder,
  live: Folder | null,
  key: string,
  description: ImageDescription,
): Promise<number> {
  const generation = await generationOf(folder, description);
  if (generation === null) return 0;
  const now =
    live === null
      ? null
      : await withFile(live, key, async (file) => {
          const header = await readHeader(file, LIVE, description);
          return header !== null &&
            idAt(header, LIVE.generation) === generation &&
            idAt(header, LIVE_BOOT) === (await bootId())
            ? countBytes(file, LIVE.bitmap, description)
            : null;
        });
  if (now !== null) return now;
  const durable = await withFile(folder, 'record', (file) =>
    countBytes(file, RECORD.bitmap, description),
  );
  return durable ?? 0;
}

/** Null where there is no file, or none that the store made. */
async function withFile<Value>(
  folder: Folder,
  name: string,
  read: (file: FileHandle) => Promise<Value | null>,
): Promise<Value | null> {
  const file = await folder.file(name).catch((error: unknown) => {
    if (!isRefusal(error)) throw error;
    return null;
  });
  if (file === null) return null;
  try {
    return await read(file);
  } finally {
    await file.close();
  }
}

/** The first page, or null if it is not the one of such a file about this image. */
async function readHeader(
  file: FileHandle,
  layout: typeof RECORD,
  { sizeBytes, chunkBytes }: ImageDescription,
): Promise<Buffer | null> {
  const header = Buffer.alloc(HEADER_BYTES);
  const { bytesRead } = await file.read(header, 0, HEADER_BYTES, 0);
  return bytesRead === HEADER_BYTES &&
    header.toString('latin1', 0, layout.magic.length) === layout.magic &&
    header.readUInt32LE(layout.magic.length) === VERSION &&
    header.readBigUInt64LE(layout.sizeBytes) === BigInt(sizeBytes) &&
    header.readBigUInt64LE(layout.chunkBytes) === BigInt(chunkBytes)
    ? header
    : null;
}

function idAt(header: Buffer, offset: number): string {
  return header.toString('hex', offset, offset + ID_BYTES);
}

async function bootId(): Promise<string> {
  const text = await readFile('/proc/sys/kernel/random/boot_id', 'latin1');
  return text.trim().replaceAll('-', '');
}

async function countBytes(
  file: FileHandle,
  offset: number,
  { sizeBytes, chunkBytes }: ImageDescription,
): Promise<number> {
  const chunks = Math.ceil(sizeBytes / chunkBytes);
  if (!(chunks > 0 && chunks <= MOST_CHUNKS)) return 0;
  const bits = Buffer.alloc(Math.ceil(chunks / 8));
  await file.read(bits, 0, bits.length, offset);
  const last = chunks - 1;
  const lastByte = bits[last >> 3] ?? 0;
  // Bits beyond the end mean nothing.
  bits[last >> 3] = lastByte & ((2 << (last & 7)) - 1);
  let count = 0;
  for (let byte of bits) for (; byte !== 0; byte &= byte - 1) count++;
  const hasLast = (lastByte >> (last & 7)) & 1;
  // The last chunk may be a short one.
  return count * chunkBytes - hasLast * (chunks * chunkBytes - sizeBytes);
}
