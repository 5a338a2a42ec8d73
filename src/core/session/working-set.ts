import { constants } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, fileError } from '../errors/index.js';
import { CHUNK_BYTES, flatLayout } from '../image/index.js';
import type { Package } from '../package/index.js';
import { writeThroughScratch } from '../publish/index.js';
import type { Touch } from '../vmnetfs/index.js';

/** What a machine touched, in the order in which it did. The format: docs/working-set.md. */
export type WorkingSet = readonly Touch[];

const HEAD = { format: 'vmnetx-working-set', version: 1, chunkBytes: CHUNK_BYTES } as const;
/** 128 GiB in chunks, far more than is worth fetching ahead. A longer record ends there. */
const MAX_CHUNKS = 2 ** 20;
/** A line takes some 50 bytes. */
const MAX_BYTES = 64 * MAX_CHUNKS;

/**
 * Writes a working set; the file appears as a whole or not at all.
 *
 * @throws VmnetxError `host-…`
 */
export async function writeWorkingSet(path: string, touches: WorkingSet): Promise<void> {
  const lines = [HEAD, ...touches.slice(0, MAX_CHUNKS)].map((line) => `${JSON.stringify(line)}\n`);
  await writeThroughScratch(path, async (scratch) => {
    const file = join(scratch, 'working-set');
    await writeFile(file, lines.join(''), { flag: 'wx' });
    return file;
  });
}

/**
 * Reads the working set of a package's machine.
 *
 * @throws VmnetxError `host-…`; `image-working-set` for what is none, is too large, or names chunks
 *   that the package does not have
 */
export async function readWorkingSet(path: string, machine: Package): Promise<WorkingSet> {
  const refuse = (reason: string) => fail('image-working-set', { path, reason });
  const text = await readText(path);
  if (text === null) throw refuse(`it is larger than ${MAX_BYTES / 2 ** 20} MiB`);
  const [head = '', ...lines] = text.replace(/\n$/, '').split('\n');
  if (!isHead(parsed(head))) throw refuse('it does not begin as a working set does');
  if (lines.length > MAX_CHUNKS) throw refuse(`it names more than ${MAX_CHUNKS} chunks`);
  const counts = {
    disk: chunkCount(machine.disk.storedBytes),
    memory: chunkCount(machine.memory?.storedBytes ?? 0),
  };
  return lines.map((line, index) => {
    const touch = parsed(line);
    if (!isTouch(touch)) throw refuse(`line ${index + 2} is not correct`);
    if (touch.chunk < counts[touch.image]) return touch;
    throw refuse(`line ${index + 2} names a part that this machine does not have`);
  });
}

/** The text of an ordinary file; null for one that is too large. */
async function readText(path: string): Promise<string | null> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = await file.stat();
      if (!stat.isFile()) throw fail('host-not-a-file', { path });
      if (stat.size > MAX_BYTES) return null;
      const { buffer, bytesRead } = await file.read(Buffer.alloc(stat.size), 0, stat.size, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(path, error);
  }
}

function chunkCount(length: number): number {
  return flatLayout({ offset: 0, length }).chunkCount;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function isHead(value: unknown): boolean {
  return (
    hasThreeKeys(value) && Object.entries(HEAD).every(([key, expected]) => value[key] === expected)
  );
}

function isTouch(value: unknown): value is Touch {
  if (!hasThreeKeys(value)) return false;
  const { image, chunk, milliseconds } = value;
  return (
    (image === 'disk' || image === 'memory') &&
    typeof chunk === 'number' &&
    Number.isSafeInteger(chunk) &&
    chunk >= 0 &&
    typeof milliseconds === 'number' &&
    Number.isFinite(milliseconds) &&
    milliseconds >= 0
  );
}

/** As the first line has, and every other. */
function hasThreeKeys(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 3;
}
