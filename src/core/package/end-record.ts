import { PackageFault, readSize } from './zip-fault.js';

const SIGNATURE = Buffer.from('PK\u0005\u0006', 'latin1');
const END_BYTES = 22;
const LOCATOR_SIGNATURE = 0x07064b50;
const LOCATOR_BYTES = 20;
const END64_SIGNATURE = 0x06064b50;
const END64_BYTES = 56;
const MAX_COMMENT_BYTES = 0xffff;

/** The longest end of a file in which the end record can lie (APPNOTE 4.3.16), in bytes. */
export const MAX_TAIL_BYTES = MAX_COMMENT_BYTES + END_BYTES + LOCATOR_BYTES + END64_BYTES;

/** Where the central directory lies, in bytes, and how many entries it has. */
export interface DirectoryPlace {
  readonly offset: number;
  readonly length: number;
  readonly entries: number;
}

/**
 * Reads the end record, of ZIP64 too. The records must follow each other without a gap, so that
 * no second reading of the same file is possible.
 *
 * @param tail the last bytes of the file
 * @param size of the file, in bytes
 * @returns null for a file without an end record
 * @throws PackageFault
 */
export function readEndRecord(tail: Buffer, size: number): DirectoryPlace | null {
  const candidates = findEndRecords(tail);
  const at = candidates[0];
  if (at === undefined) return null;
  // Some readers take the last signature for the record, whatever its comment's length is.
  if (candidates.length > 1 || tail.lastIndexOf(SIGNATURE) !== at) {
    throw new PackageFault('it has more than one end record');
  }

  const tailOffset = size - tail.length;
  const end = {
    disk: tail.readUInt16LE(at + 4),
    directoryDisk: tail.readUInt16LE(at + 6),
    entriesHere: tail.readUInt16LE(at + 8),
    entries: tail.readUInt16LE(at + 10),
    length: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
  };
  const end64 = readEndRecord64(tail, at, tailOffset);
  const merge = (short: number, saturated: number, long: number | undefined): number => {
    if (long === undefined) {
      if (short === saturated) throw new PackageFault('its ZIP64 record is missing');
      return short;
    }
    if (short !== saturated && short !== long) {
      throw new PackageFault('its two end records disagree');
    }
    return long;
  };
  const disk = merge(end.disk, 0xffff, end64?.disk);
  const directoryDisk = merge(end.directoryDisk, 0xffff, end64?.directoryDisk);
  const entriesHere = merge(end.entriesHere, 0xffff, end64?.entriesHere);
  const entries = merge(end.entries, 0xffff, end64?.entries);
  if (disk !== 0 || directoryDisk !== 0 || entriesHere !== entries) {
    throw new PackageFault('it is one of several volumes');
  }
  const length = merge(end.length, 0xffff_ffff, end64?.length);
  const offset = merge(end.offset, 0xffff_ffff, end64?.offset);
  if (offset + length !== tailOffset + (end64?.start ?? at)) {
    throw new PackageFault('its directory is not where it should be');
  }
  return { offset, length, entries };
}

/** Places in the tail where an end record would end, with its comment, exactly with the file. */
function findEndRecords(tail: Buffer): readonly number[] {
  const found: number[] = [];
  for (let at = tail.indexOf(SIGNATURE); at !== -1; at = tail.indexOf(SIGNATURE, at + 1)) {
    if (at + END_BYTES > tail.length) break;
    if (at + END_BYTES + tail.readUInt16LE(at + 20) === tail.length) found.push(at);
  }
  return found;
}

interface EndRecord64 {
  /** Where it begins in the tail. */
  readonly start: number;
  readonly disk: number;
  readonly directoryDisk: number;
  readonly entriesHere: number;
  readonly entries: number;
  readonly length: number;
  readonly offset: number;
}

function readEndRecord64(tail: Buffer, end: number, tailOffset: number): EndRecord64 | undefined {
  const locator = end - LOCATOR_BYTES;
  if (locator < 0 || tail.readUInt32LE(locator) !== LOCATOR_SIGNATURE) return undefined;
  const start = locator - END64_BYTES;
  const sound =
    start >= 0 &&
    tail.readUInt32LE(start) === END64_SIGNATURE &&
    readSize(tail, start + 4) === END64_BYTES - 12 &&
    tail.readUInt32LE(locator + 4) === 0 &&
    readSize(tail, locator + 8) === tailOffset + start &&
    tail.readUInt32LE(locator + 16) <= 1;
  if (!sound) throw new PackageFault('its ZIP64 record is wrong');
  return {
    start,
    disk: tail.readUInt32LE(start + 16),
    directoryDisk: tail.readUInt32LE(start + 20),
    entriesHere: readSize(tail, start + 24),
    entries: readSize(tail, start + 32),
    length: readSize(tail, start + 40),
    offset: readSize(tail, start + 48),
  };
}
