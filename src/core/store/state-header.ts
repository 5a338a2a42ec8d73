import type { FileHandle } from 'node:fs/promises';

/*
 * What stands before a kept state is a frame that zstd skips, so that the file is decompressed as it
 * is. Little-endian: zstd's magic and the length of the rest; our magic, the version, the length of the
 * whole file, and the identity of the image.
 */
const SKIPPED_FRAME = 0x184d2a50;
const FRAME_HEADER_BYTES = 8;
const MAGIC = 'VMNXsta\n';
const VERSION = 1;
const AT = { length: 4, magic: 8, version: 16, fileBytes: 24, identity: 32 };
export const STATE_HEADER_BYTES = 64;

/**
 * @param identity of the image whose state follows, 32 bytes
 * @param fileBytes length of the finished file with this header; 0 while it is being written
 */
export function stateHeader(identity: Buffer, fileBytes: number): Buffer {
  const header = Buffer.alloc(STATE_HEADER_BYTES);
  header.writeUInt32LE(SKIPPED_FRAME, 0);
  header.writeUInt32LE(STATE_HEADER_BYTES - FRAME_HEADER_BYTES, AT.length);
  header.write(MAGIC, AT.magic, 'latin1');
  header.writeUInt32LE(VERSION, AT.version);
  header.writeBigUInt64LE(BigInt(fileBytes), AT.fileBytes);
  identity.copy(header, AT.identity);
  return header;
}

/**
 * The length of a file that is the finished state of an image, in bytes, or null if it is none. What
 * the state itself holds, zstd checks.
 */
export async function wholeStateBytes(file: FileHandle, identity: Buffer): Promise<number | null> {
  const { size } = await file.stat();
  const found = Buffer.alloc(STATE_HEADER_BYTES);
  // At a position, so that the file stays at its beginning.
  const { bytesRead } = await file.read(found, 0, STATE_HEADER_BYTES, 0);
  const whole = bytesRead === STATE_HEADER_BYTES && found.equals(stateHeader(identity, size));
  return whole ? size : null;
}
