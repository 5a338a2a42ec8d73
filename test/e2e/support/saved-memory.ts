import { open } from 'node:fs/promises';
import { output } from '../../support/programs.js';

/** The formats in which libvirt 9.0 saves. */
export const SAVE_FORMATS = ['raw', 'gzip', 'bzip2', 'xz', 'lzop'] as const;

/** Newer ones know this, too. */
export type MemoryFormat = (typeof SAVE_FORMATS)[number] | 'zstd';

const HEADER_BYTES = 92;
const ZSTD = 5;

/** Where the state of QEMU begins in saved memory, in bytes. */
export function stateOffset(memory: Buffer): number {
  return HEADER_BYTES + memory.readUInt32LE(20);
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
    await compressed.write(Uint8Array.of(ZSTD), 0, 1, 28);
  } finally {
    await compressed.close();
  }
}
