import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

// Written from docs/store-record.md, not with the code that it is to check.

const PAGE_BYTES = 4096;
const RECORD = { magic: 'VMNXrec\n', generation: 16, sizeBytes: 64, chunkBytes: 72, bitmap: PAGE_BYTES }; // prettier-ignore
const LIVE = { magic: 'VMNXliv\n', generation: 32, sizeBytes: 48, chunkBytes: 56, bitmap: 9 * PAGE_BYTES }; // prettier-ignore
const LIVE_BOOT = 16;
const ID_BYTES = 16;

/** Where a store is. */
export interface StorePlace {
  readonly cacheDirectory: string;
  /** Where the live files are; null: what only they mark does not count, as after a power loss. */
  readonly runtimeDirectory: string | null;
}

/** What an image's folder says that it holds. */
export interface NamedImage {
  readonly url: string;
  readonly directoryDigest: string;
  /** `disk.img` or `memory.img`. */
  readonly member: string;
}

/** An image of a store: its chunks by their numbers. */
export interface CheckedImage extends NamedImage {
  readonly key: string;
  /** Marked in the record, the live file or both. */
  readonly present: readonly number[];
  /** Marked in the record. */
  readonly durable: readonly number[];
  /** Marked, but not what the origin has there. */
  readonly wrong: readonly number[];
}

/**
 * Compares every chunk that a store marks as present with its origin. Stricter than the engine, which
 * also compares checksums before it believes a mark. May be called while the store is in use.
 *
 * @param originOf the right bytes of a whole image
 * @throws Error for a folder or a record that the engine would not have made
 */
export async function checkStore(
  place: StorePlace,
  originOf: (image: NamedImage) => Uint8Array,
): Promise<readonly CheckedImage[]> {
  const images = join(place.cacheDirectory, 'images');
  const keys = (await namesIn(images)).filter((name) => /^[0-9a-f]{64}$/.test(name));
  return Promise.all(keys.sort().map((key) => checkImage(join(images, key), key, place, originOf)));
}

/** The image of a member, which has to be in the store exactly once. */
export function imageOf(images: readonly CheckedImage[], member: string): CheckedImage {
  const found = images.filter((each) => each.member === member);
  const [image] = found;
  if (image === undefined || found.length > 1) {
    throw new Error(`The store has ${found.length} images of ${member}`);
  }
  return image;
}

async function checkImage(
  folder: string,
  key: string,
  { runtimeDirectory }: StorePlace,
  originOf: (image: NamedImage) => Uint8Array,
): Promise<CheckedImage> {
  const named = namedImage(await readFile(join(folder, 'image.json'), 'utf8'));
  const origin = Buffer.from(originOf(named));
  // Before the data, which is written before it is marked.
  const record = await readMarks(join(folder, 'record'), RECORD, origin.length);
  if (record === null) throw new Error(`${folder} has no record`);
  const live =
    runtimeDirectory === null
      ? null
      : await readMarks(join(runtimeDirectory, 'store', key), LIVE, origin.length);
  const now =
    live?.generation === record.generation && live.boot === (await bootId()) ? live : null;
  const data = await readFile(join(folder, 'data'));

  const { chunkBytes, marked: durable } = record;
  const present = [...new Set([...durable, ...(now?.marked ?? [])])].sort((a, b) => a - b);
  const wrong = present.filter((chunk) => {
    const [begin, end] = [chunk * chunkBytes, (chunk + 1) * chunkBytes];
    return !data.subarray(begin, end).equals(origin.subarray(begin, end));
  });
  return { ...named, key, present, durable, wrong };
}

function namedImage(text: string): NamedImage {
  const value: unknown = JSON.parse(text);
  const field = (name: string): string => {
    const found: unknown =
      typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
    if (typeof found !== 'string') throw new Error(`image.json does not say its ${name}`);
    return found;
  };
  return {
    url: field('url'),
    directoryDigest: field('directoryDigest'),
    member: field('member'),
  };
}

interface Marks {
  readonly generation: string;
  /** Of a live file: for which start of the computer it holds. */
  readonly boot: string;
  readonly chunkBytes: number;
  readonly marked: readonly number[];
}

/** Null where there is no such file. */
async function readMarks(
  path: string,
  layout: typeof RECORD,
  sizeBytes: number,
): Promise<Marks | null> {
  const bytes = await readFile(path).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  // It was made a moment ago, and nothing is marked.
  if (bytes === null || bytes.length === 0) return null;
  const chunkBytes = Number(bytes.readBigUInt64LE(layout.chunkBytes));
  const isSuch =
    bytes.toString('latin1', 0, layout.magic.length) === layout.magic &&
    bytes.readUInt32LE(layout.magic.length) === 1 &&
    bytes.readBigUInt64LE(layout.sizeBytes) === BigInt(sizeBytes) &&
    chunkBytes > 0;
  if (!isSuch) throw new Error(`${path} is not the record of an image of ${sizeBytes} bytes`);
  const chunks = Array.from({ length: Math.ceil(sizeBytes / chunkBytes) }, (_, chunk) => chunk);
  return {
    generation: bytes.toString('hex', layout.generation, layout.generation + ID_BYTES),
    boot: bytes.toString('hex', LIVE_BOOT, LIVE_BOOT + ID_BYTES),
    chunkBytes,
    marked: chunks.filter(
      (chunk) => (bytes.readUInt8(layout.bitmap + (chunk >> 3)) >> (chunk & 7)) & 1,
    ),
  };
}

async function bootId(): Promise<string> {
  const text = await readFile('/proc/sys/kernel/random/boot_id', 'latin1');
  return text.trim().replaceAll('-', '');
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
