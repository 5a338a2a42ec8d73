import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DECOMPRESSORS, decompress, type Compression } from '../../../src/core/memory/index.js';

/** All but what was stored as it is. */
export const PACKED = DECOMPRESSORS;

/** What precedes the state in a file, such as a header. */
const BEFORE = Buffer.alloc(1000, 'not to be decompressed');

/** Has a file with these bytes open, at the place where they begin, while it is used. */
export async function withStored<Result>(
  bytes: Uint8Array,
  use: (file: FileHandle) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'stored-'));
  try {
    const path = join(folder, 'memory');
    await writeFile(path, Buffer.concat([BEFORE, bytes]));
    await using file = await open(path);
    await file.read(BEFORE, 0, BEFORE.length, null);
    return await use(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What a program makes of bytes. */
export function compressed(program: string, input: Buffer, ...options: string[]): Buffer {
  return execFileSync(program, ['-c', ...options], { input, maxBuffer: 2 ** 28 });
}

/** So many bytes come out of an open file. */
export async function drainFile(
  input: number,
  compression: Compression,
  maxBytes = 2 ** 20,
  signal = new AbortController().signal,
): Promise<number> {
  let total = 0;
  for await (const { length } of decompress(input, { compression, maxBytes, signal })) {
    total += length;
  }
  return total;
}

/** So many bytes come out of these. */
export function drain(
  stored: Uint8Array,
  compression: Compression,
  maxBytes?: number,
): Promise<number> {
  return withStored(stored, ({ fd }) => drainFile(fd, compression, maxBytes));
}
