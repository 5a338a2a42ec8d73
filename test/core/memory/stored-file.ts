import { mkdtemp, open, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
