import { open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keptImage } from '../support/kept-image.js';
import type { Spoiling, Spoilings } from '../support/spoiling.js';

const CHUNK_BYTES = 131_072;
/** Where a record has its first checksum. */
const CHECKSUMS = 8192;

function damage(change: (folder: string) => Promise<unknown>): Spoiling {
  return { plant: async (store) => change(await keptImage(store)) };
}

/** A bit of a file is another one. */
function flip(name: string, offset: number): Spoiling {
  return damage(async (folder) => {
    await using file = await open(join(folder, name), 'r+');
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, offset);
    await file.write(Buffer.of((buffer[0] ?? 0) ^ 4), 0, 1, offset);
  });
}

/** A part of a file is zeros: its blocks were never written. */
function blank(name: string, offset: number, bytes: number): Spoiling {
  return damage(async (folder) => {
    await using file = await open(join(folder, name), 'r+');
    await file.write(Buffer.alloc(bytes), 0, bytes, offset);
  });
}

function cut(name: string, bytes: number): Spoiling {
  return damage((folder) => truncate(join(folder, name), bytes));
}

const spoilings: Spoilings = {
  'a bit of a chunk': flip('data', 3 * CHUNK_BYTES + 77),
  'a bit of a checksum': flip('record', CHECKSUMS + 5 * 8),
  'zeros in place of chunks': blank('data', 4 * CHUNK_BYTES, 3 * CHUNK_BYTES),
  'zeros in place of the record': blank('record', 0, 4096),
  'chunks that are cut off': cut('data', 5 * CHUNK_BYTES + 1000),
  'a record that is cut': cut('record', 5000),
  'noise in place of what says which image it is': damage((folder) =>
    writeFile(join(folder, 'image.json'), 'noise'),
  ),
  'a chunk in the place of another': damage(async (folder) => {
    const data = await readFile(join(folder, 'data'));
    data.copy(data, 2 * CHUNK_BYTES, 9 * CHUNK_BYTES, 10 * CHUNK_BYTES);
    await writeFile(join(folder, 'data'), data);
  }),
  'no record': damage((folder) => rm(join(folder, 'record'))),
};

export default spoilings;
