import { fail, type VmnetxError } from '../errors/index.js';
import { MAX_AREA_BYTES } from './limits.js';

/** libvirt's numbers for them, in order; it writes them since version 2 of its header. */
export const COMPRESSIONS = ['none', 'gzip', 'bzip2', 'xz', 'lzop', 'zstd'] as const;

export type Compression = (typeof COMPRESSIONS)[number];

/** The header of saved memory. */
export interface MemoryHeader {
  readonly compression: Compression;
  /** libvirt's description of the machine: XML that nobody has looked at yet. */
  readonly xml: Buffer;
  /** What libvirt, since 3.7, notes besides: XML as well, with the CPU that the guest really had. */
  readonly cookie: Buffer | null;
  /** Where QEMU's state begins, from the beginning of the saved memory, in bytes. */
  readonly stateOffset: number;
}

export const MAGIC = 'LibvirtQemudSave';
/** What libvirt writes first; it is replaced when all the rest is there. */
const UNFINISHED_MAGIC = 'LibvirtQemudPart';
/** The magic, and 19 numbers of 32 bits. */
export const HEADER_BYTES = 92;
const AREA = HEADER_BYTES;

/**
 * Reads the header of libvirt's save format, versions 1 (of 2009, without compression) and 2. The
 * computers that run machines of ours are little-endian, and so is the header.
 *
 * @param head the first `MEMORY_HEAD_BYTES` of the saved memory, or all of a smaller one
 * @param storedBytes size of the saved memory as stored
 * @throws VmnetxError `memory-malformed`, `memory-refused`
 */
export function parseMemoryHeader(head: Buffer, storedBytes: number): MemoryHeader {
  const magic = head.toString('latin1', 0, MAGIC.length);
  if (magic === UNFINISHED_MAGIC) throw malformed('it was not saved completely');
  if (magic !== MAGIC) throw malformed('it is nothing that libvirt saved');
  if (head.length < HEADER_BYTES) throw malformed('its header is cut short');
  const version = head.readUInt32LE(16);
  if (version !== 1 && version !== 2) throw refused(`its version ${version} is not known`);
  const areaBytes = head.readUInt32LE(20);
  const stateOffset = AREA + areaBytes;
  // Nothing but the state can follow, and there must be some.
  if (areaBytes > MAX_AREA_BYTES || stateOffset >= storedBytes) {
    throw malformed(`it claims ${areaBytes} bytes for the machine’s description`);
  }
  const area = head.subarray(AREA, stateOffset);
  const cookieOffset = version === 1 ? 0 : head.readUInt32LE(32);
  const xml = textAt(area, 0, 'description');
  if (cookieOffset !== 0 && (cookieOffset <= xml.length || cookieOffset >= areaBytes)) {
    throw malformed('its cookie lies outside of its place');
  }
  return {
    compression: version === 1 ? 'none' : compressionOf(head.readUInt32LE(28)),
    xml,
    cookie: cookieOffset === 0 ? null : textAt(area, cookieOffset, 'cookie'),
    stateOffset,
  };
}

/** What stands before the next NUL. */
function textAt(area: Buffer, start: number, what: string): Buffer {
  const end = area.indexOf(0, start);
  if (end === -1) throw malformed(`its ${what} does not end`);
  if (end === start) throw malformed(`its ${what} is empty`);
  return area.subarray(start, end);
}

function compressionOf(number: number): Compression {
  const compression = COMPRESSIONS[number];
  if (compression === undefined) throw refused(`its compression ${number} is not known`);
  return compression;
}

function malformed(reason: string): VmnetxError {
  return fail('memory-malformed', { reason });
}

function refused(reason: string): VmnetxError {
  return fail('memory-refused', { reason });
}
