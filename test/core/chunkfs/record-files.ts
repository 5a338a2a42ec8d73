import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { output } from '../../support/programs.js';
import { CHUNK_BYTES, type RecordedImage } from './recorded-image.js';

const PAGE_BYTES = 4096;

/** Where things lie in the files of a record (docs/store-record.md), for an image of one page of marks. */
export const RECORD = { version: 8, identity: 32, marks: PAGE_BYTES, checksums: 2 * PAGE_BYTES };
export const LIVE = { boot: 16, marks: PAGE_BYTES + 8 * 4096 };

/** The chunks that a file of the record marks; none where it has no marks. */
export async function marksIn(
  image: RecordedImage,
  file: 'record' | 'live',
): Promise<readonly number[]> {
  const bytes = await readFile(image.path(file)).catch(() => Buffer.alloc(0));
  const offset = file === 'record' ? RECORD.marks : LIVE.marks;
  return Array.from({ length: image.chunks }, (_, chunk) => chunk).filter(
    (chunk) => ((bytes[offset + (chunk >> 3)] ?? 0) >> (chunk & 7)) & 1,
  );
}

/**
 * The chunks that a file of the record marks though the data is not what it should be. Stricter than
 * a mount, which compares checksums too.
 */
export async function wrongMarksIn(
  image: RecordedImage,
  file: 'record' | 'live',
): Promise<readonly number[]> {
  const data = await readFile(image.path('data'));
  return (await marksIn(image, file)).filter((chunk) => {
    const bytes = data.subarray(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES);
    return !bytes.equals(image.bytesOf(chunk));
  });
}

/** The XXH3 checksum of bytes, by a program of its own that is made in the folder. */
export async function xxh3(bytes: Buffer, folder: string): Promise<bigint> {
  const source = join(folder, 'xxh3.c');
  const program = join(folder, 'xxh3');
  const input = join(folder, 'xxh3.bytes');
  await writeFile(source, XXH3_PROGRAM);
  await writeFile(input, bytes);
  await output('cc', '-o', program, source, '-lxxhash');
  return BigInt(await output(program, input));
}

const XXH3_PROGRAM = `
#include <stdio.h>
#include <xxhash.h>
int main(int count, char **words) {
  static char bytes[1 << 20];
  FILE *file = fopen(words[count - 1], "rb");
  const size_t size = fread(bytes, 1, sizeof bytes, file);
  printf("%llu", (unsigned long long)XXH3_64bits(bytes, size));
  return 0;
}
`;
