import { checkSecondName, widen } from './extra-fields.js';
import { decodeMemberName } from './member-name.js';
import { PackageFault } from './zip-fault.js';

const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
/** Signature and fixed part of a local header, in bytes. */
export const LOCAL_BYTES = 30;

/** What the central directory says of a member. */
export interface Entry {
  readonly name: string;
  readonly nameBytes: Buffer;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly storedBytes: number;
  readonly plainBytes: number;
  /** Of its local header, from the beginning of the package, in bytes. */
  readonly headerOffset: number;
}

/**
 * Reads the whole central directory.
 *
 * @param directory its bytes, exactly
 * @param offset where it begins: members must lie before
 * @returns the members by name, in the directory's order
 * @throws PackageFault
 */
export function readDirectory(
  directory: Buffer,
  offset: number,
  count: number,
): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  let at = 0;
  for (let number = 0; number < count; number++) {
    const { entry, end } = readEntry(directory, at);
    if (entries.has(entry.name)) throw new PackageFault(`two members are called “${entry.name}”`);
    entries.set(entry.name, entry);
    at = end;
  }
  if (at !== directory.length) throw new PackageFault('its directory has a wrong length');
  checkOverlaps([...entries.values()], offset);
  return entries;
}

function readEntry(directory: Buffer, at: number): { entry: Entry; end: number } {
  if (at + ENTRY_BYTES > directory.length || directory.readUInt32LE(at) !== ENTRY_SIGNATURE) {
    throw new PackageFault('its directory is cut short');
  }
  const nameEnd = at + ENTRY_BYTES + directory.readUInt16LE(at + 28);
  const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
  const end = extraEnd + directory.readUInt16LE(at + 32);
  if (end > directory.length) throw new PackageFault('its directory is cut short');
  if (directory.readUInt16LE(at + 34) !== 0) throw new PackageFault('it is one of several volumes');

  const nameBytes = directory.subarray(at + ENTRY_BYTES, nameEnd);
  const short = [20, 24, 42].map((field) => directory.readUInt32LE(at + field));
  const [stored = 0, plain = 0, header = 0] = short;
  // In the field the plain size comes first.
  const extra = directory.subarray(nameEnd, extraEnd);
  const wide = widen([plain, stored, header], extra);
  const [plainBytes = 0, storedBytes = 0, headerOffset = 0] = wide;
  checkSecondName(extra, nameBytes);
  const entry = {
    name: decodeMemberName(nameBytes),
    nameBytes,
    flags: directory.readUInt16LE(at + 8),
    method: directory.readUInt16LE(at + 10),
    crc32: directory.readUInt32LE(at + 16),
    storedBytes,
    plainBytes,
    headerOffset,
  };
  return { entry, end };
}

/**
 * No two members share bytes, and none reaches into the directory. Counted without the extra
 * fields of the local headers, which are read for the members in use only (see local-header.ts).
 */
function checkOverlaps(entries: readonly Entry[], directoryOffset: number): void {
  let free = 0;
  for (const entry of entries.toSorted((a, b) => a.headerOffset - b.headerOffset)) {
    if (entry.headerOffset < free) throw new PackageFault(`“${entry.name}” overlaps its neighbour`);
    free = entry.headerOffset + LOCAL_BYTES + entry.nameBytes.length + entry.storedBytes;
    if (free > directoryOffset) throw new PackageFault(`“${entry.name}” reaches beyond its place`);
  }
}
