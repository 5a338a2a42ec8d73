import type { RangeSource } from '../range/index.js';
import { LOCAL_BYTES, type Entry } from './central-directory.js';
import { checkSecondName, widen } from './extra-fields.js';
import { PackageFault } from './zip-fault.js';

const LOCAL_SIGNATURE = 0x04034b50;
const ENCRYPTED = 0x0001 | 0x0040 | 0x2000;
const DATA_DESCRIPTOR = 0x0008;
/** Extra fields that are read together with the header: enough for one aligned to 4 KiB. */
const USUAL_EXTRA_BYTES = 4096 + 64;

/**
 * Reads a member's local header and compares it with the central directory's.
 *
 * @param limit the byte that the member must not reach: where its neighbour begins
 * @returns where its data begin, from the beginning of the package, in bytes
 * @throws PackageFault, and what the source throws
 */
export async function locateData(
  source: RangeSource,
  entry: Entry,
  limit: number,
  signal: AbortSignal,
): Promise<number> {
  const { name } = entry;
  if ((entry.flags & ENCRYPTED) !== 0) throw new PackageFault(`“${name}” is encrypted`);
  if ((entry.flags & DATA_DESCRIPTOR) !== 0) {
    throw new PackageFault(`“${name}” has its size behind its data`);
  }

  const available = limit - entry.headerOffset;
  const nameEnd = LOCAL_BYTES + entry.nameBytes.length;
  const read = (length: number) => source.read(entry.headerOffset, length, signal);
  let header = await read(Math.min(available, nameEnd + USUAL_EXTRA_BYTES));
  if (header.readUInt32LE(0) !== LOCAL_SIGNATURE) {
    throw new PackageFault(`“${name}” is not where it should be`);
  }
  const extraEnd = nameEnd + header.readUInt16LE(28);
  const dataEnd = extraEnd + entry.storedBytes;
  if (dataEnd > available) throw new PackageFault(`“${name}” reaches beyond its place`);
  if (extraEnd > header.length) header = await read(extraEnd);

  const extra = header.subarray(nameEnd, extraEnd);
  const [plainBytes, storedBytes] = widen(
    [header.readUInt32LE(22), header.readUInt32LE(18)],
    extra,
  );
  checkSecondName(extra, entry.nameBytes);
  const agrees =
    header.readUInt16LE(26) === entry.nameBytes.length &&
    header.subarray(LOCAL_BYTES, nameEnd).equals(entry.nameBytes) &&
    header.readUInt16LE(6) === entry.flags &&
    header.readUInt16LE(8) === entry.method &&
    header.readUInt32LE(14) === entry.crc32 &&
    storedBytes === entry.storedBytes &&
    plainBytes === entry.plainBytes;
  if (!agrees) throw new PackageFault(`“${name}” is described in two different ways`);
  return entry.headerOffset + extraEnd;
}
