import { execFileSync } from 'node:child_process';
import { open } from 'node:fs/promises';
import { output } from '../../support/programs.js';

/** The formats in which libvirt 9.0 saves. */
export const SAVE_FORMATS = ['raw', 'gzip', 'bzip2', 'xz', 'lzop'] as const;

/** Newer ones know this, too. */
export type MemoryFormat = (typeof SAVE_FORMATS)[number] | 'zstd';

const HEADER_BYTES = 92;
const ZSTD = 5;
/** Where the header has the compression. */
const COMPRESSION_OFFSET = 28;
/** How QEMU names the guest's memory where that begins. */
const RAM = Buffer.from('\x06pc.ram');
const PAGE_BYTES = 4096;
/** More than a small machine can have. */
const BOMB_BYTES = 700 * 2 ** 20;
const BOMB_PAGES = 4096;

/** Where the state of QEMU begins in saved memory, in bytes. */
export function stateOffset(memory: Buffer): number {
  return HEADER_BYTES + memory.readUInt32LE(20);
}

/** The same memory with another description of its machine, and without a cookie. */
export function redescribe(memory: Buffer, change: (xml: string) => string): Buffer {
  const header = Buffer.from(memory.subarray(0, HEADER_BYTES));
  const xml = memory.toString('utf8', HEADER_BYTES, memory.indexOf(0, HEADER_BYTES));
  const area = Buffer.from(`${change(xml)}\0`);
  header.writeUInt32LE(area.length, 20);
  header.writeUInt32LE(0, 32);
  return Buffer.concat([header, area, memory.subarray(stateOffset(memory))]);
}

/**
 * Memory, compressed by zstd, that becomes 700 MiB: the first page of raw memory again and again, which
 * QEMU takes up as long as it comes.
 */
export function bomb(raw: Buffer): Buffer {
  const offset = stateOffset(raw);
  // Before, QEMU says how much there is.
  const name = raw.indexOf(RAM, raw.indexOf(RAM, offset) + 1);
  const begin = name - 8;
  const page = raw.subarray(begin, name + RAM.length + PAGE_BYTES);
  const pages = zstd(Buffer.alloc(page.length * BOMB_PAGES, page));
  const header = Buffer.from(raw.subarray(0, offset));
  header.writeUInt32LE(ZSTD, COMPRESSION_OFFSET);
  const times = Math.ceil(BOMB_BYTES / (page.length * BOMB_PAGES));
  const repeated = Array.from({ length: times }, () => pages);
  return Buffer.concat([header, zstd(raw.subarray(offset, begin)), ...repeated]);
}

function zstd(bytes: Buffer): Buffer {
  return execFileSync('zstd', ['-qc'], { input: bytes });
}

/** Makes of memory that was saved raw what a newer libvirt saves by zstd. */
export async function recompress(raw: string, result: string): Promise<void> {
  const file = await open(raw);
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    await file.read(header, 0, HEADER_BYTES, 0);
    const offset = stateOffset(header);
    const script = 'head -c "$3" <"$1" >"$2" && tail -c "+$(($3 + 1))" <"$1" | zstd -qc >>"$2"';
    await output('sh', '-c', script, 'sh', raw, result, String(offset));
  } finally {
    await file.close();
  }
  const compressed = await open(result, 'r+');
  try {
    await compressed.write(Uint8Array.of(ZSTD), 0, 1, COMPRESSION_OFFSET);
  } finally {
    await compressed.close();
  }
}
