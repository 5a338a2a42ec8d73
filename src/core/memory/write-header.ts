import { COMPRESSIONS, HEADER_BYTES, MAGIC, type Compression } from './header.js';

/** The state begins at a multiple of this, in bytes: a page, also of the kernel's cache. */
const ALIGNMENT = 4096;

/**
 * Writes the header of saved memory, version 2 of libvirt's, with the machine's description and no
 * cookie; the state follows it.
 *
 * @param xml with less than `MEMORY_HEAD_BYTES`, or no reader looks at all of it
 */
export function formatMemoryHeader(xml: string, compression: Compression): Buffer {
  const description = Buffer.from(xml);
  const pages = Math.ceil((HEADER_BYTES + description.length + 1) / ALIGNMENT);
  const header = Buffer.alloc(pages * ALIGNMENT);
  header.write(MAGIC, 'latin1');
  header.writeUInt32LE(2, 16);
  header.writeUInt32LE(header.length - HEADER_BYTES, 20);
  // The machine was running, not paused.
  header.writeUInt32LE(1, 24);
  header.writeUInt32LE(COMPRESSIONS.indexOf(compression), 28);
  description.copy(header, HEADER_BYTES);
  return header;
}
